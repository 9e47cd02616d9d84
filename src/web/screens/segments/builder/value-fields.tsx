import { Group, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LearningFields } from './learning-fields';
import type { ThingKind } from './named-things';
import type { DraftRule } from './rows';
import { ThingChoice } from './thing-choice';
import type { ValueProps } from './value-props';
import { type DraftWhen, WhenFields } from './when-fields';

/** What a rule compares with: controls by the type of its field. */
export function ValueFields(props: ValueProps) {
  const { field, rule, error, onChange, own } = props;
  const { t } = useTranslation('segments');
  const put = (value: unknown) => onChange({ ...rule, value });
  const list = Array.isArray(rule.value) ? (rule.value as string[]) : [];
  const things = (kind: ThingKind, mayBeNone = false) => (
    <ThingChoice
      kind={kind}
      label={t(`thing.${kind}`)}
      description={mayBeNone ? t('thing.any') : undefined}
      chosen={list}
      without={kind === 'segment' ? own : null}
      error={error('value')}
      onChange={(ids) => put(mayBeNone && ids.length === 0 ? undefined : ids)}
    />
  );
  const time = (
    when: DraftWhen | undefined,
    put: (when: DraftWhen | undefined) => void,
    also: {
      mayBeNone: boolean;
      name: string;
    },
  ) => (
    <WhenFields
      when={when}
      mayBeNone={also.mayBeNone}
      mayBeAhead={field.type === 'date'}
      error={error(also.name)}
      onChange={put}
    />
  );
  if (rule.op === 'is_empty' || rule.op === 'is_not_empty') return null;
  switch (field.type) {
    case 'text':
      return (
        <TextInput
          label={t('value')}
          value={rule.value as string}
          maxLength={200}
          onChange={({ currentTarget }) => put(currentTarget.value)}
          error={error('value')}
          flex="1 1 12rem"
        />
      );
    case 'number':
      return rule.op === 'between' ? (
        <Span rule={rule} error={error('value')} put={put} />
      ) : (
        <NumberInput
          label={t('value')}
          value={rule.value as number | string}
          onChange={put}
          error={error('value')}
          w="8rem"
        />
      );
    case 'date':
    case 'instant':
      return time(rule.value as DraftWhen, put, { mayBeNone: false, name: 'value' });
    case 'choice':
      return (
        <MultiSelect
          label={t('value')}
          data={(field.choices ?? []).map((value) => ({
            value,
            label: field.attributeId ? value : t(`choice.${value}`),
          }))}
          value={list}
          onChange={put}
          error={error('value')}
          flex="1 1 12rem"
        />
      );
    case 'reference':
      return things('organisation');
    case 'segment':
      return things('segment');
    case 'topic':
      return (
        <>
          {things('topic')}
          {rule.op === 'granted' &&
            time(rule.when, (when) => onChange({ ...rule, when }), {
              mayBeNone: true,
              name: 'when',
            })}
        </>
      );
    case 'campaign':
    case 'clicks':
      return (
        <>
          {things('campaign', true)}
          {time(rule.when, (when) => onChange({ ...rule, when }), {
            mayBeNone: true,
            name: 'when',
          })}
        </>
      );
    case 'agreement':
      return rule.op === 'ends_within' ? (
        <NumberInput
          label={t('days')}
          w="8rem"
          min={0}
          max={3650}
          allowDecimal={false}
          value={rule.value as number | string}
          onChange={put}
          error={error('value')}
        />
      ) : null;
    case 'learning':
      return <LearningFields {...props} />;
    case 'flag':
      return null;
  }
}

function Span(props: { rule: DraftRule; error?: string; put: (value: unknown) => void }) {
  const { t } = useTranslation('segments');
  const span = props.rule.value as { from: number | string; to: number | string };
  return (
    <Group gap="xs" align="flex-start">
      <NumberInput
        label={t('from')}
        w="7rem"
        value={span.from}
        onChange={(from) => props.put({ ...span, from })}
        error={props.error}
      />
      <NumberInput
        label={t('to')}
        w="7rem"
        value={span.to}
        onChange={(to) => props.put({ ...span, to })}
      />
    </Group>
  );
}
