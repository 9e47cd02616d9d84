import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem-note';
import { fullName } from './full-name';
import { useRefreshPerson } from '../../api/person-queries';

/** Two cards of one person become one: the other is looked up, chosen, and taken in. */
export function MergePerson({ contact }: { contact: Answer<'Contact'> }) {
  const { t } = useTranslation('people');
  const [open, dialog] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('merge.open')}
      </Button>
      {open && <MergeDialog contact={contact} close={dialog.close} />}
    </>
  );
}

function MergeDialog({ contact, close }: { contact: Answer<'Contact'>; close: () => void }) {
  const { t } = useTranslation('people');
  const refresh = useRefreshPerson();
  const [text, setText] = useState('');
  const [other, setOther] = useState<string | null>(null);
  const search = useMutation({
    mutationFn: (q: string) =>
      answer(api.POST('/api/v1/contacts/search', { body: { q, limit: 10 } })),
    onMutate: () => setOther(null),
  });
  const merge = useMutation({
    mutationFn: (from: string) =>
      api.POST('/api/v1/contacts/{id}/merge', {
        params: { path: { id: contact.id } },
        body: { from },
      }),
    onSuccess: async () => {
      await refresh();
      notifications.show({ message: t('merge.done') });
      close();
    },
  });
  const found = search.data?.items.filter(({ id }) => id !== contact.id);
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) search.mutate(text.trim());
  };
  return (
    <Dialog close={close} title={t('merge.title')}>
      <Stack>
        <Text>{t('merge.text')}</Text>
        <form role="search" onSubmit={look}>
          <Group align="flex-end" wrap="nowrap">
            <TextInput
              type="search"
              label={t('merge.search')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              maxLength={320}
              style={{ flex: 1 }}
            />
            <Button type="submit" variant="default" loading={search.isPending}>
              {t('search.act')}
            </Button>
          </Group>
        </form>
        {(search.error ?? merge.error) && <ProblemNote error={search.error ?? merge.error} />}
        {found?.length === 0 && <Text role="status">{t('merge.none')}</Text>}
        {found && found.length > 0 && (
          <Radio.Group label={t('merge.choose')} value={other} onChange={setOther}>
            <Stack gap="xs" mt="xs">
              {found.map((person) => (
                <Radio
                  key={person.id}
                  value={person.id}
                  label={[fullName(person), person.email, person.phone, person.organisation]
                    .filter(Boolean)
                    .join(', ')}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            disabled={other === null}
            loading={merge.isPending}
            onClick={() => other && merge.mutate(other)}
          >
            {t('merge.act')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
