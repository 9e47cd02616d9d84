import { Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import type { usePeopleSearch } from './people-search';

const CHOICES = {
  kind: ['company_contact', 'learner', 'newsletter_subscriber', 'support_contact'],
  language: ['sv', 'en'],
  reachableBy: ['email', 'sms'],
} as const;

/** Narrows the list; every choice stands in the address. */
export function PeopleFilters({ filters, filter }: ReturnType<typeof usePeopleSearch>) {
  const { t } = useTranslation('people');
  const companies = useCompanies();
  return (
    <Group gap="sm" align="flex-end">
      {(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) => (
        <NativeSelect
          key={name}
          label={t(`filter.${name}`)}
          value={filters[name] ?? ''}
          onChange={(event) => filter(name, event.currentTarget.value)}
          data={[
            { value: '', label: t('filter.all') },
            ...CHOICES[name].map((value) => ({ value, label: t(`${name}.${value}`) })),
          ]}
        />
      ))}
      {companies.length > 0 && (
        <NativeSelect
          label={t('filter.organisationId')}
          maw="16rem"
          value={filters.organisationId ?? ''}
          onChange={(event) => filter('organisationId', event.currentTarget.value)}
          data={[
            { value: '', label: t('filter.all') },
            ...companies.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </Group>
  );
}

/** Of very many the newest two hundred; the search field finds all by name. */
function useCompanies() {
  const { i18n } = useTranslation('people');
  const { data } = useQuery({
    queryKey: ['organisations'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/organisations', { params: { query: { limit: 200 } }, signal })),
    staleTime: 60_000,
  });
  return (data?.items ?? []).toSorted((a, b) => a.name.localeCompare(b.name, i18n.language));
}
