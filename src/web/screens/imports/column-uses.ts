import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';

const FIELDS = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'organisation',
  'title',
  'city',
  'language',
  'externalId',
  'topics',
  'optOut',
] as const;
const CHANNELS = ['email', 'sms'] as const;

/** What a column may hold; also the one it is read as now, whatever that is. */
export function useColumnUses(use: string | null): { value: string; label: string }[] {
  const { t } = useTranslation('imports');
  const topics = useTopics();
  const uses = [
    ...FIELDS.map((value) => ({ value: value as string, label: t(`use.${value}`) })),
    ...CHANNELS.map((channel) => ({
      value: `consent:*:${channel}`,
      label: t(`use.consentAll.${channel}`),
    })),
    ...topics.flatMap(({ key, name }) =>
      CHANNELS.map((channel) => ({
        value: `consent:${key}:${channel}`,
        label: t(`use.consent.${channel}`, { topic: name }),
      })),
    ),
  ];
  if (use && !uses.some(({ value }) => value === use)) uses.push({ value: use, label: use });
  return uses;
}

export function useTopics(): { key: string; name: string; id: string }[] {
  const { i18n } = useTranslation('imports');
  const { data } = useQuery({
    queryKey: ['topics'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/topics', { signal })),
    staleTime: 60_000,
  });
  const name = ({ nameSv, nameEn }: Answer<'Topic'>) => (i18n.language === 'en' ? nameEn : nameSv);
  return (data?.items ?? [])
    .filter(({ archivedAt }) => !archivedAt)
    .map((topic) => ({ id: topic.id, key: topic.key, name: name(topic) }));
}
