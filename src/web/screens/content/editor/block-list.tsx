import './block-list.css';
import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconGripVertical,
  IconPlus,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../../domain/blocks/block';
import { BLOCK_ICONS } from './block-icons';
import { wordsIn } from './new-block';
import { useBlockDrag } from './use-block-drag';

export interface ListActs {
  choose: (id: string) => void;
  /** So many places down the list, or up. */
  move: (id: string, by: number) => void;
  copy: (id: string) => void;
  remove: (id: string) => void;
  add: () => void;
}

/** The blocks in their order. All of it by buttons, and some by dragging; whoever moved one stays with it. */
export function BlockList(props: {
  blocks: readonly Block[];
  chosen: string | null;
  faulty: ReadonlySet<string>;
  acts: ListActs;
}) {
  const { blocks, chosen, faulty, acts } = props;
  const { t } = useTranslation('content');
  const list = useRef<HTMLOListElement>(null);
  const stay = useRef<string | null>(null);
  useEffect(() => {
    // Moving a node in the page takes the focus from what is in it.
    if (stay.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-act="${stay.current}"]`)?.focus();
    stay.current = null;
  }, [blocks]);
  const move = (id: string, by: number, act: string) => {
    stay.current = act;
    acts.move(id, by);
  };
  const drag = useBlockDrag(list, (from, by) => acts.move(blocks[from]!.id, by));
  const onKey = (event: KeyboardEvent, id: string) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(id, event.key === 'ArrowUp' ? -1 : 1, `choose ${id}`);
  };
  return (
    <Stack gap="xs" component="section" aria-labelledby="block-list">
      <Title order={2} fz="h3" id="block-list" tabIndex={-1}>
        {t('list.title')}
      </Title>
      <ol className="block-list" ref={list}>
        {blocks.map((block, index) => {
          const { id, type } = block;
          const KindIcon = BLOCK_ICONS[type];
          const isChosen = id === chosen;
          const name = t('list.place', { block: t(`block.${type}`), place: index + 1 });
          return (
            <li key={id} data-chosen={isChosen || undefined} data-drag={drag.markOf(index)}>
              <div className="block-row">
                <span
                  className="block-grip"
                  aria-hidden
                  title={t('list.drag')}
                  {...drag.grip(index)}
                >
                  <IconGripVertical size={16} />
                </span>
                <UnstyledButton
                  className="block-choice"
                  aria-current={isChosen ? 'true' : undefined}
                  data-act={`choose ${id}`}
                  onClick={() => acts.choose(id)}
                  onKeyDown={(event) => onKey(event, id)}
                >
                  <KindIcon size={18} stroke={1.6} aria-hidden />
                  <span className="block-words">
                    <Text span fz="sm" fw={600}>
                      {t(`block.${type}`)}
                    </Text>
                    <Text span fz="xs" c="dimmed" truncate display="block">
                      {wordsIn(block)}
                    </Text>
                  </span>
                  {block.condition && (
                    <Badge size="xs" variant="outline" tt="none">
                      {t('list.some')}
                    </Badge>
                  )}
                  {faulty.has(id) && (
                    <Badge size="xs" color="red" variant="outline" tt="none">
                      {t('list.faulty')}
                    </Badge>
                  )}
                </UnstyledButton>
              </div>
              {isChosen && (
                <Group gap={4} px="xs" pb="xs">
                  <Act
                    icon={IconArrowUp}
                    id={`up ${id}`}
                    label={t('list.up', { name })}
                    off={index === 0}
                    act={() => move(id, -1, `up ${id}`)}
                  />
                  <Act
                    icon={IconArrowDown}
                    id={`down ${id}`}
                    label={t('list.down', { name })}
                    off={index === blocks.length - 1}
                    act={() => move(id, 1, `down ${id}`)}
                  />
                  <Act icon={IconCopy} label={t('list.copy', { name })} act={() => acts.copy(id)} />
                  <Act
                    icon={IconTrash}
                    label={t('list.remove', { name })}
                    act={() => acts.remove(id)}
                  />
                </Group>
              )}
            </li>
          );
        })}
      </ol>
      <Button leftSection={<IconPlus size={18} aria-hidden />} variant="light" onClick={acts.add}>
        {t('list.add')}
      </Button>
    </Stack>
  );
}

/** Off, it stays in the order of the tab key: a button that vanishes under the finger loses the place. */
function Act(props: { icon: Icon; label: string; act: () => void; off?: boolean; id?: string }) {
  const { icon: ActIcon, label, act, off = false, id } = props;
  return (
    <ActionIcon
      variant="default"
      size="md"
      aria-label={label}
      title={label}
      aria-disabled={off}
      data-act={id}
      data-disabled={off || undefined}
      onClick={off ? undefined : act}
    >
      <ActIcon size={16} aria-hidden />
    </ActionIcon>
  );
}
