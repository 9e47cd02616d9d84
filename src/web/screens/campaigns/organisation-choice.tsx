import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { useProblemText } from '../../parts/problem-text';
import { asProblem } from '../../api/problem';

type Named = Answer<'OrganisationRef'>;

const SHOWN = 20;

/** Narrows an audience to people at some companies, found as one types. */
export function OrganisationChoice(props: {
  chosen: readonly string[];
  /** The names of those that are saved. */
  known: readonly Named[];
  onChange: (ids: string[]) => void;
}) {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const problem = useProblemText();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const [met, setMet] = useState<readonly Named[]>([]);
  const found = useQuery({
    queryKey: ['organisations', 'beginning', q],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/organisations', {
          params: { query: { q: q || undefined, limit: SHOWN } },
          signal,
        }),
      ),
    enabled: can('contacts:read'),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const names = new Map(
    [...(found.data?.items ?? []), ...props.known, ...met].map(({ id, name }) => [id, name]),
  );
  const nameOf = (id: string) => names.get(id) ?? t('audience.unknownOrganisation');
  const ids = new Set([...props.chosen, ...(found.data?.items ?? []).map(({ id }) => id)]);
  return (
    <MultiSelect
      label={t('audience.onlyOrganisations')}
      description={t('audience.all')}
      placeholder={props.chosen.length === 0 ? t('audience.findOrganisation') : undefined}
      maw="40rem"
      data={[...ids].map((value) => ({ value, label: nameOf(value) }))}
      value={[...props.chosen]}
      onChange={(next) => {
        setMet(next.map((id) => ({ id, name: nameOf(id) })));
        props.onChange(next);
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has looked already, by more than what is shown.
      filter={({ options }) => options}
      hidePickedOptions
      nothingFoundMessage={
        found.isFetching ? t('audience.searching') : t('audience.noOrganisation')
      }
      error={found.isError ? problem(asProblem(found.error)) : undefined}
    />
  );
}
