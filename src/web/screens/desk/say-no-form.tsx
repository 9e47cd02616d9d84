import { Button, Group, NativeSelect, Radio, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { ProblemNote } from '../../parts/problem-note';
import { useRefreshPerson } from '../../api/person-queries';
import { NoRecorded } from './no-recorded';

export type AboutWhom = { contactId: string } | { address: string };

const CAME_BY = ['phone', 'chat', 'email', 'letter', 'sms', 'visit'] as const;
const SCOPES = ['all', 'email', 'sms', 'topic'] as const;

interface Said {
  scope: (typeof SCOPES)[number];
  topic: string;
  cameBy: (typeof CAME_BY)[number];
  words: string;
}

/** What somebody said no to. The usual answer, everything, is chosen already: it takes one press. */
export function SayNoForm(props: {
  about: AboutWhom;
  done: () => void;
  recorded?: (no: Answer<'NoRecorded'>) => void;
}) {
  const { about, done, recorded } = props;
  const { t, i18n } = useTranslation('desk');
  const lang = i18n.language;
  const refresh = useRefreshPerson();
  const topics = useTopics();
  // However often the button is pressed, it is one case.
  const [reference] = useState(() => crypto.randomUUID());
  const form = useForm<Said>({
    initialValues: { scope: 'all', topic: '', cameBy: 'phone', words: '' },
    validate: {
      topic: (topic, { scope }) => (scope === 'topic' && !topic ? t('no.whichTopic') : null),
    },
  });
  const record = useMutation({
    mutationFn: (said: Said) =>
      answer(
        api.POST('/api/v1/service-desk/opt-outs', {
          params: { query: { lang } },
          body: { ...about, ...toInput(said), reference },
        }),
      ),
    onSuccess: (no) => {
      recorded?.(no);
      return refresh('contactId' in about ? about.contactId : null);
    },
  });
  if (record.data) return <NoRecorded no={record.data} done={done} />;
  return (
    <form onSubmit={form.onSubmit((said) => record.mutate(said))}>
      <Stack>
        {record.isError && <ProblemNote error={record.error} />}
        <Radio.Group label={t('no.scope')} {...form.getInputProps('scope')}>
          <Stack gap="xs" mt="xs">
            {scopesFor(about).map((scope) => (
              <Radio
                key={scope}
                value={scope}
                label={t(`no.scopes.${scope}`)}
                data-autofocus={scope === 'all' || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        {form.values.scope === 'topic' && (
          <NativeSelect
            label={t('no.topic')}
            data={[{ value: '', label: t('no.chooseTopic') }, ...topics]}
            {...form.getInputProps('topic')}
          />
        )}
        <NativeSelect
          label={t('no.cameBy')}
          data={CAME_BY.map((value) => ({ value, label: t(`cameBy.${value}`) }))}
          {...form.getInputProps('cameBy')}
        />
        <Textarea
          label={t('no.words')}
          description={t('no.wordsHint')}
          autosize
          minRows={2}
          maxLength={500}
          {...form.getInputProps('words')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={record.isPending}>
            {t('no.act')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** One address has one channel: of it, saying its channel is the same as saying nothing. */
function scopesFor(about: AboutWhom): readonly Said['scope'][] {
  return 'address' in about
    ? SCOPES.filter((scope) => scope === 'all' || scope === 'topic')
    : SCOPES;
}

function toInput({
  scope,
  topic,
  cameBy,
  words,
}: Said): Omit<Answer<'RecordNoInput'>, 'reference'> {
  const told = { cameBy, ...(words.trim() && { words: words.trim() }) };
  if (scope === 'topic') return { ...told, scope, topic };
  return scope === 'all' ? { ...told, scope } : { ...told, scope: 'channel', channel: scope };
}

function useTopics(): { value: string; label: string }[] {
  const { i18n } = useTranslation('desk');
  const { data } = useQuery({
    queryKey: ['topics'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/topics', { signal })),
    staleTime: 60_000,
  });
  return (data?.items ?? [])
    .filter(({ archivedAt }) => !archivedAt)
    .map(({ key, nameSv, nameEn }) => ({
      value: key,
      label: i18n.language === 'en' ? nameEn : nameSv,
    }));
}
