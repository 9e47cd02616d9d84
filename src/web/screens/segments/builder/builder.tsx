import { Button, Group, NativeSelect, Paper, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type Match, MATCHES } from '../../../../domain/segment/tree';
import type { FieldFault } from '../../../api/problem';
import { useEditing, type Editing } from './editing';
import type { Askable } from './fields';
import { RowActions } from './row-actions';
import { type GroupRow, isGroupRow } from './rows';
import { RuleFields } from './rule-fields';

/** "People of whom all of this holds", rule by rule, with groups one level below. */
export function Builder(props: {
  root: GroupRow;
  askable: Askable;
  faults: readonly FieldFault[];
  own: string | null;
  onChange: (root: GroupRow) => void;
}) {
  const { root, onChange, ...also } = props;
  const { t } = useTranslation('segments');
  const editing = useEditing(root, onChange, also);
  return (
    <Stack gap="sm" component="section" aria-label={t('builder.name')}>
      <MatchChoice group={root} label={t('builder.people')} editing={editing} />
      <Rows group={root} path="" number="" editing={editing} />
      <Group gap="sm">
        <AddRule to={root} label={t('builder.addRule')} editing={editing} />
        <Button variant="default" onClick={() => editing.addGroup(root)}>
          {t('builder.addGroup')}
        </Button>
      </Group>
    </Stack>
  );
}

function Rows(props: { group: GroupRow; path: string; number: string; editing: Editing }) {
  const { group, path, number, editing } = props;
  const { t } = useTranslation('segments');
  return (
    <Stack gap="xs">
      {group.rows.map((row, n) => {
        const place = {
          path: path === '' ? `rules.${n}` : `${path}.rules.${n}`,
          number: number === '' ? String(n + 1) : `${number}.${n + 1}`,
          first: n === 0,
          last: n === group.rows.length - 1,
          editing,
        };
        return (
          <Fragment key={row.key}>
            {n > 0 && (
              <Text fz="sm" c="dimmed" pl="sm">
                {t(group.match === 'all' ? 'builder.and' : 'builder.or')}
              </Text>
            )}
            {isGroupRow(row) ? (
              <InnerGroup row={row} {...place} />
            ) : (
              <RuleFields row={row} {...place} />
            )}
          </Fragment>
        );
      })}
    </Stack>
  );
}

function InnerGroup(props: {
  row: GroupRow;
  path: string;
  number: string;
  first: boolean;
  last: boolean;
  editing: Editing;
}) {
  const { row, path, number, first, last, editing } = props;
  const { t } = useTranslation('segments');
  const name = t('row.group', { number });
  return (
    <Paper withBorder p="sm" role="group" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="sm">
          <MatchChoice group={row} label={t('builder.group')} editing={editing} />
          <RowActions id={row.key} name={name} first={first} last={last} editing={editing} />
        </Group>
        <Rows group={row} path={path} number={number} editing={editing} />
        <Group>
          <AddRule to={row} label={t('builder.addToGroup', { number })} editing={editing} />
        </Group>
      </Stack>
    </Paper>
  );
}

function MatchChoice(props: { group: GroupRow; label: string; editing: Editing }) {
  const { group, label, editing } = props;
  const { t } = useTranslation('segments');
  return (
    <NativeSelect
      id={`${group.key}-match`}
      label={label}
      w="fit-content"
      value={group.match}
      onChange={({ currentTarget }) =>
        editing.put({ ...group, match: currentTarget.value as Match })
      }
      data={MATCHES.map((value) => ({ value, label: t(`match.${value}`) }))}
    />
  );
}

function AddRule(props: { to: GroupRow; label: string; editing: Editing }) {
  return (
    <Button
      variant="default"
      leftSection={<IconPlus size={18} aria-hidden />}
      onClick={() => props.editing.addRule(props.to)}
    >
      {props.label}
    </Button>
  );
}
