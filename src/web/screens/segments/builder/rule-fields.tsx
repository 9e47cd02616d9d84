import { Group, NativeSelect, Paper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../../domain/segment/tree';
import type { Editing } from './editing';
import { blankRule } from './fields';
import { faultsAt, useFaultText } from './fault-text';
import { RowActions } from './row-actions';
import type { DraftRule, RuleRow } from './rows';
import { ValueFields } from './value-fields';

/** One rule: what about the person, how it compares, and with what. */
export function RuleFields(props: {
  row: RuleRow;
  /** `rules.0.rules.1` */
  path: string;
  /** "1" or "2.1" */
  number: string;
  first: boolean;
  last: boolean;
  editing: Editing;
}) {
  const { row, path, number, first, last, editing } = props;
  const { t } = useTranslation('segments');
  const words = useFaultText();
  const { rule, key } = row;
  const field = editing.askable.find(rule.field);
  if (!field) return null;
  const faults = faultsAt(editing.faults, path);
  const error = (name: string): string | undefined => {
    const found = faults.find(({ path: at }) => at === name);
    return found && words(found);
  };
  const put = (next: DraftRule) => editing.put({ key, rule: next });
  const name = t('row.rule', { number });
  // Of a declared flag the answers are yes and no; of ours, whether there is something.
  const kind = field.type === 'flag' && !field.attributeId ? 'has' : field.type;
  const whole = faults.find(({ path: at }) => at === '');
  return (
    <Paper withBorder p="sm" role="group" aria-label={name}>
      <Group align="flex-start" gap="sm">
        <NativeSelect
          id={`${key}-field`}
          label={t('row.field')}
          data={editing.askable.groups}
          value={rule.field}
          error={whole ? words(whole) : error('field')}
          onChange={({ currentTarget }) => {
            const next = editing.askable.find(currentTarget.value)!;
            put(blankRule(next, next.operators[0]!, rule));
          }}
          flex="1 1 13rem"
        />
        <NativeSelect
          label={t('row.op')}
          data={field.operators.map((value) => ({
            value,
            label: t([`op.${kind}.${value}`, `op.${value}`]),
          }))}
          value={rule.op}
          error={error('op')}
          onChange={({ currentTarget }) =>
            put(blankRule(field, currentTarget.value as Operator, rule))
          }
          flex="1 1 11rem"
        />
        <ValueFields field={field} rule={rule} error={error} onChange={put} own={editing.own} />
        <Group ml="auto" pt="1.55rem">
          <RowActions id={key} name={name} first={first} last={last} editing={editing} />
        </Group>
      </Group>
    </Paper>
  );
}
