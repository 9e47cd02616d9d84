import { Group, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { UNITS } from '../../../../domain/segment/tree';

export type DraftWhen = Record<string, string | number>;

type Form = 'last' | 'next' | 'on' | 'before' | 'after' | 'from';

const BLANK: Readonly<Record<Form, DraftWhen>> = {
  last: { last: 12, unit: 'months' },
  next: { next: 3, unit: 'months' },
  on: { on: '' },
  before: { before: '' },
  after: { after: '' },
  from: { from: '', to: '' },
};
const FORMS = Object.keys(BLANK) as Form[];

/** A time: the last months, or days of the calendar; or none at all, where that may be. */
export function WhenFields(props: {
  when: DraftWhen | undefined;
  mayBeNone: boolean;
  mayBeAhead: boolean;
  error?: string;
  onChange: (when: DraftWhen | undefined) => void;
}) {
  const { when, mayBeNone, mayBeAhead, error, onChange } = props;
  const { t } = useTranslation('segments');
  const form = FORMS.find((name) => when && name in when);
  const forms = FORMS.filter((name) => name !== 'next' || mayBeAhead);
  const day = (name: string, label: string) => (
    <TextInput
      type="date"
      label={label}
      value={when?.[name] ?? ''}
      onChange={({ currentTarget }) => onChange({ ...when, [name]: currentTarget.value })}
    />
  );
  return (
    <Group gap="xs" align="flex-start">
      <NativeSelect
        label={t('when.label')}
        value={form ?? ''}
        error={error}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value;
          onChange(next === '' ? undefined : BLANK[next as Form]);
        }}
        data={[
          ...(mayBeNone ? [{ value: '', label: t('when.ever') }] : []),
          ...forms.map((value) => ({ value, label: t(`when.${value}`) })),
        ]}
      />
      {(form === 'last' || form === 'next') && (
        <>
          <NumberInput
            label={t('when.amount')}
            w="6rem"
            min={1}
            max={3650}
            allowDecimal={false}
            value={when![form]!}
            onChange={(amount) => onChange({ ...when, [form]: amount })}
          />
          <NativeSelect
            label={t('when.unit')}
            value={when!.unit!}
            onChange={({ currentTarget }) => onChange({ ...when, unit: currentTarget.value })}
            data={UNITS.map((value) => ({ value, label: t(`when.${value}`) }))}
          />
        </>
      )}
      {form === 'from' && day('from', t('when.first'))}
      {form === 'from' && day('to', t('when.lastDay'))}
      {form !== undefined &&
        form !== 'last' &&
        form !== 'next' &&
        form !== 'from' &&
        day(form, t('when.day'))}
    </Group>
  );
}
