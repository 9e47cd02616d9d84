import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../../../api/problem';
import { useProblemText } from '../../../parts/problem-text';
import { type ThingKind, useFound, useNames } from './named-things';

/** Some of those we know: companies, courses, topics, campaigns or segments, found as one types. */
export function ThingChoice(props: {
  kind: ThingKind;
  label: string;
  description?: string;
  chosen: readonly string[];
  /** Not to be chosen: itself. */
  without?: string | null;
  error?: string;
  onChange: (ids: string[]) => void;
}) {
  const { kind, label, description, chosen, without, onChange } = props;
  const { t } = useTranslation('segments');
  const problem = useProblemText();
  const names = useNames();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const found = useFound(kind, q);
  // What was found for other letters is not what is asked for now.
  const isNow = typed.trim() === q;
  const things = isNow ? (found.data ?? []).filter(({ id }) => id !== without) : [];
  const nameOf = (id: string) =>
    names.of(id) ?? things.find((thing) => thing.id === id)?.name ?? t('thing.gone');
  const ids = new Set([...chosen, ...things.map(({ id }) => id)]);
  return (
    <MultiSelect
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={chosen.length === 0 ? t('thing.find') : undefined}
      data={[...ids].map((value) => ({ value, label: nameOf(value) }))}
      value={[...chosen]}
      onChange={(next) => {
        names.meet(next.map((id) => ({ id, name: nameOf(id) })));
        onChange(next);
      }}
      searchable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      // Looked for already, by more than what is shown.
      filter={({ options }) => options}
      hidePickedOptions
      nothingFoundMessage={t(isNow && !found.isFetching ? 'thing.none' : 'thing.searching')}
      error={found.isError ? problem(asProblem(found.error)) : props.error}
      flex="1 1 16rem"
      miw={0}
    />
  );
}
