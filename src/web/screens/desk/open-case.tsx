import { Button, Group, NativeSelect, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem-note';
import type { AboutWhom } from './say-no-form';

const KINDS = ['question', 'rights', 'other'] as const;
const CAME_BY = ['phone', 'chat', 'email', 'letter', 'sms', 'visit'] as const;

/** What cannot be settled while the person waits. */
export function OpenCase({ about }: { about: AboutWhom }) {
  const { t } = useTranslation('desk');
  const [open, dialog] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('openCase.open')}
      </Button>
      {open && <CaseDialog about={about} close={dialog.close} />}
    </>
  );
}

function CaseDialog({ about, close }: { about: AboutWhom; close: () => void }) {
  const { t } = useTranslation('desk');
  const queries = useQueryClient();
  const [reference] = useState(() => crypto.randomUUID());
  const form = useForm<{
    kind: (typeof KINDS)[number];
    cameBy: (typeof CAME_BY)[number];
    words: string;
  }>({ initialValues: { kind: 'question', cameBy: 'phone', words: '' } });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      answer(
        api.POST('/api/v1/service-desk/cases', {
          body: { ...about, ...values, words: values.words.trim(), reference },
        }),
      ),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['cases'] });
      notifications.show({ message: t('openCase.done', { reference: made.reference }) });
      close();
    },
  });
  return (
    <Dialog close={close} title={t('openCase.title')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack>
          {save.isError && <ProblemNote error={save.error} />}
          <NativeSelect
            label={t('openCase.kind')}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            {...form.getInputProps('kind')}
          />
          <NativeSelect
            label={t('no.cameBy')}
            data={CAME_BY.map((value) => ({ value, label: t(`cameBy.${value}`) }))}
            {...form.getInputProps('cameBy')}
          />
          <Textarea
            label={t('openCase.words')}
            autosize
            minRows={3}
            maxLength={500}
            {...form.getInputProps('words')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('openCase.act')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
