import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { wordsOf, type Draft } from './draft';

export type Shown = Answer<'Preview'>;
export type ProblemItem = Answer<'ProblemView'>;

/** The mail as the server makes it of what is written, a moment after the last key; the one before stays meanwhile. */
export function usePreview(
  draft: Draft,
  { senderName, contactId }: { senderName?: string; contactId?: string },
): UseQueryResult<Shown> {
  const { i18n } = useTranslation('content');
  const [settled] = useDebouncedValue(draft, 400);
  const { channel, language, subject, preheader } = settled;
  const body = {
    channel,
    language,
    subject,
    preheader,
    senderName,
    contactId,
    ...wordsOf(settled),
  };
  const lang = i18n.language === 'en' ? 'en' : 'sv';
  return useQuery({
    queryKey: ['preview', lang, body],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/v1/templates/preview', {
          params: { query: { lang } },
          body: body as never,
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    // Of no use when the next key has been pressed.
    gcTime: 10_000,
  });
}
