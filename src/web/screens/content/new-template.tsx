import { Button, FileButton, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { ProblemNote } from '../../parts/problem-note';
import { sectionsOf, TEMPLATES } from './template-data';

interface Start {
  name: string;
  channel: 'email' | 'sms';
  /** Source to begin with; shown in the editor, saved when it is right. */
  source?: string;
}

function useCreate() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ name, channel }: Start) =>
      answer(api.POST('/api/v1/templates', { body: { name, channel } })),
    onSuccess: async ({ key }, { source }) => {
      await queries.invalidateQueries({ queryKey: TEMPLATES });
      await navigate(`/mallar/${key}`, { state: source === undefined ? null : { source } });
    },
  });
}

export function NewTemplate() {
  const { t } = useTranslation('content');
  const [open, dialog] = useDisclosure();
  const [name, setName] = useState('');
  const [channel, setChannel] = useState<'email' | 'sms'>('email');
  const create = useCreate();
  return (
    <>
      <Button onClick={dialog.open}>{t('new.title')}</Button>
      <Modal
        opened={open}
        onClose={dialog.close}
        title={t('new.title')}
        closeButtonProps={{ 'aria-label': t('close') }}
        centered
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ name, channel });
          }}
        >
          <Stack>
            {create.isError && <ProblemNote error={create.error} />}
            <TextInput
              label={t('new.name')}
              data-autofocus
              required
              maxLength={100}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Radio.Group
              label={t('templates.channel')}
              value={channel}
              onChange={(value) => setChannel(value as 'email' | 'sms')}
            >
              <Group mt="xs">
                <Radio value="email" label={t('channel.email')} />
                <Radio value="sms" label={t('channel.sms')} />
              </Group>
            </Radio.Group>
            <Group justify="flex-end">
              <Button type="submit" loading={create.isPending}>
                {t('new.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

/** An MJML file from elsewhere: its sections, as source. What the lint says of them is shown beside. */
export function ImportTemplate() {
  const { t } = useTranslation('content');
  const create = useCreate();
  const read = async (file: File) => {
    const name = file.name.replace(/\.mjml$/i, '').slice(0, 100) || t('new.title');
    create.mutate({ name, channel: 'email', source: sectionsOf(await file.text()) });
  };
  return (
    <>
      <FileButton accept=".mjml" onChange={(file) => file && void read(file)}>
        {(button) => (
          <Button {...button} variant="default" loading={create.isPending}>
            {t('new.import')}
          </Button>
        )}
      </FileButton>
      {create.isError && <ProblemNote error={create.error} />}
    </>
  );
}
