import { ActionIcon, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Editing } from './editing';

/** Up, down, away, by key as by mouse. At an end they do nothing, rather than lose the focus of who pressed them. */
export function RowActions(props: {
  id: string;
  /** "regel 2" */
  name: string;
  first: boolean;
  last: boolean;
  editing: Editing;
}) {
  const { id, name, first, last, editing } = props;
  const { t } = useTranslation('segments');
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        id={`${id}-up`}
        variant="default"
        size="lg"
        data-disabled={first || undefined}
        aria-disabled={first}
        aria-label={t('row.up', { name })}
        onClick={() => editing.move(id, -1)}
      >
        <IconArrowUp size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        id={`${id}-down`}
        variant="default"
        size="lg"
        data-disabled={last || undefined}
        aria-disabled={last}
        aria-label={t('row.down', { name })}
        onClick={() => editing.move(id, 1)}
      >
        <IconArrowDown size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t('row.remove', { name })}
        onClick={() => editing.remove(id)}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
