import { SegmentedControl, Stack, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { SESSION } from '../../api/queries';
import { ProblemNote } from '../../parts/problem-note';
import { chooseLanguage, type Language } from '../../texts/i18n';

const LANGUAGES = [
  { value: 'sv', label: 'Svenska' },
  { value: 'en', label: 'English' },
];

/** The language of one's screens, in this browser and in those one has not used yet. */
export function OwnLanguage() {
  const { t, i18n } = useTranslation('account');
  const queries = useQueryClient();
  const choose = useMutation({
    mutationFn: async (language: Language) => {
      await chooseLanguage(language);
      return answer(api.PUT('/api/v1/session/language', { body: { language } }));
    },
    onSuccess: (me) => queries.setQueryData(SESSION, me),
  });
  return (
    <Stack align="flex-start" gap="sm">
      <Title order={2}>{t('language')}</Title>
      {choose.isError && <ProblemNote error={choose.error} />}
      <SegmentedControl
        aria-label={t('language')}
        data={LANGUAGES}
        value={i18n.language}
        onChange={(value) => choose.mutate(value as Language)}
      />
    </Stack>
  );
}
