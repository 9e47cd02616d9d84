import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../../domain/blocks/block';
import { answer, api } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { ProblemNote } from '../../../parts/problem-note';

const SNIPPETS = ['snippets'] as const;

/** Keeps a block under a name, to use again. */
export function SaveSnippet({ block }: { block: Block }) {
  const { t } = useTranslation('content');
  const queries = useQueryClient();
  const [open, dialog] = useDisclosure();
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/snippets', { body: { name, blocks: [block] as never } })),
    onSuccess: () => {
      dialog.close();
      setName('');
      notifications.show({ message: t('snippet.saved', { name }) });
      return queries.invalidateQueries({ queryKey: SNIPPETS });
    },
  });
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        {t('snippet.save')}
      </Button>
      <Modal
        opened={open}
        onClose={dialog.close}
        title={t('snippet.save')}
        closeButtonProps={{ 'aria-label': t('close') }}
        centered
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            {save.isError && <ProblemNote error={save.error} />}
            <TextInput
              label={t('snippet.name')}
              description={t('snippet.hint')}
              data-autofocus
              required
              maxLength={100}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending}>
                {t('snippet.keep')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

/** The saved ones, to put in as copies or throw away. */
export function SnippetChoice({ insert }: { insert: (blocks: Block[]) => void }) {
  const { t } = useTranslation('content');
  const { can } = useSession();
  const queries = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: SNIPPETS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/snippets', { signal })),
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/snippets/{id}', { params: { path: { id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: SNIPPETS }),
  });
  if (data.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3} fz="md">
        {t('snippet.title')}
      </Title>
      {remove.isError && <ProblemNote error={remove.error} />}
      {data.map(({ id, name, blocks }) => (
        <Group key={id} gap="xs" wrap="nowrap">
          <Button
            variant="default"
            justify="flex-start"
            flex={1}
            onClick={() => insert(blocks as unknown as Block[])}
          >
            <Text truncate>{name}</Text>
          </Button>
          {can('templates:write') && (
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={t('snippet.remove', { name })}
              loading={remove.isPending && remove.variables === id}
              onClick={() => remove.mutate(id)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
    </Stack>
  );
}
