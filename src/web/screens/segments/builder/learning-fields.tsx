import { MultiSelect, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LEARNING_KINDS } from '../../../../domain/segment/tree';
import { answer, api } from '../../../api/client';
import type { DraftRule } from './rows';
import { ThingChoice } from './thing-choice';
import type { ValueProps } from './value-props';
import { WhenFields } from './when-fields';

/** What somebody did, in which courses, how often and when. */
export function LearningFields({ rule, error, onChange }: ValueProps) {
  const { t } = useTranslation('segments');
  const subjects = useSubjects();
  const put = (part: Partial<DraftRule>) => onChange({ ...rule, ...part });
  // An empty list would ask for nothing that is; none asks for any.
  const some = (list: string[]) => (list.length > 0 ? list : undefined);
  return (
    <>
      <MultiSelect
        label={t('learning.events')}
        data={LEARNING_KINDS.map((value) => ({ value, label: t(`event.${value}`) }))}
        value={rule.events ?? []}
        searchable
        openOnFocus={false}
        nothingFoundMessage={t('thing.none')}
        onChange={(events) => put({ events })}
        error={error('events')}
        flex="1 1 15rem"
      />
      {rule.times !== undefined && (
        <NumberInput
          label={t('learning.times')}
          w="7rem"
          min={1}
          max={1000}
          allowDecimal={false}
          value={rule.times}
          onChange={(times) => put({ times })}
          error={error('times')}
        />
      )}
      <ThingChoice
        kind="course"
        label={t('learning.courses')}
        description={t('learning.any')}
        chosen={rule.courses ?? []}
        error={error('courses')}
        onChange={(ids) => put({ courses: some(ids) })}
      />
      {subjects.length > 0 && (
        <MultiSelect
          label={t('learning.subjects')}
          description={t('learning.any')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={[...new Set([...subjects, ...(rule.subjects ?? [])])]}
          value={rule.subjects ?? []}
          onChange={(list) => put({ subjects: some(list) })}
          searchable
          openOnFocus={false}
          nothingFoundMessage={t('thing.none')}
          error={error('subjects')}
          flex="1 1 15rem"
        />
      )}
      <WhenFields
        when={rule.when}
        mayBeNone
        mayBeAhead={false}
        error={error('when')}
        onChange={(when) => put({ when, which: when && rule.which })}
      />
      {rule.op === 'did' && rule.when && (
        <NativeSelect
          label={t('learning.which')}
          value={rule.which ?? ''}
          onChange={({ currentTarget }) => put({ which: currentTarget.value || undefined })}
          data={['', 'first', 'last'].map((value) => ({
            value,
            label: t(`learning.${value || 'anyTime'}`),
          }))}
        />
      )}
    </>
  );
}

/** Of the newest two hundred courses. */
function useSubjects(): string[] {
  const { data } = useQuery({
    queryKey: ['things', 'subjects'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/courses', { params: { query: { limit: 200 } }, signal })),
    staleTime: 60_000,
  });
  const subjects = data?.items.map(({ subject }) => subject).filter((subject) => subject !== '');
  return [...new Set(subjects)].sort();
}
