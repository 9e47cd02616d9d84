import { MultiSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useProblemText } from '../../parts/problem-text';
import { segmentsQuery } from './campaign-data';

type Segments = Answer<'AudienceSegments'>;

/** Narrows an audience to people in some segments, or not in others; each with what it asks. */
export function SegmentChoice(props: {
  chosen: Segments;
  /** Those that are saved: also such as are archived since. */
  known: readonly Answer<'AudienceSegment'>[];
  onChange: (segments: Segments) => void;
}) {
  const { t, i18n } = useTranslation('campaigns');
  const problem = useProblemText();
  const list = useQuery(segmentsQuery);
  const all = list.data?.items ?? [];
  const found = new Map([...props.known, ...all].map((segment) => [segment.id, segment]));
  const archived = new Set(props.known.filter((one) => one.archived).map(({ id }) => id));
  const nameOf = (id: string) => {
    const name = found.get(id)?.name ?? '…';
    return archived.has(id) ? t('audience.archived', { name }) : name;
  };
  const choice = (which: 'include' | 'exclude') => {
    const { [which]: chosen } = props.chosen;
    const taken = props.chosen[which === 'include' ? 'exclude' : 'include'];
    const ids = new Set([...chosen, ...all.map(({ id }) => id)]);
    return (
      <Stack gap="xs">
        <MultiSelect
          label={t(`audience.${which}`)}
          description={t(`audience.${which}Hint`)}
          maw="40rem"
          data={[...ids]
            .filter((id) => !taken.includes(id))
            .map((value) => ({ value, label: nameOf(value) }))}
          value={chosen}
          onChange={(next) => props.onChange({ ...props.chosen, [which]: next })}
          searchable
          hidePickedOptions
          nothingFoundMessage={t('audience.noSegment')}
          error={list.isError ? problem(asProblem(list.error)) : undefined}
        />
        {chosen.map((id) => {
          const sentence = found.get(id)?.sentence;
          return (
            sentence && (
              <Text key={id} fz="sm">
                <strong>{nameOf(id)}:</strong> {i18n.language === 'en' ? sentence.en : sentence.sv}
              </Text>
            )
          );
        })}
      </Stack>
    );
  };
  return (
    <>
      {choice('include')}
      {choice('exclude')}
    </>
  );
}
