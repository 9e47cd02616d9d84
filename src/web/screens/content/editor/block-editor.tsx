import { Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../../domain/blocks/block';
import { AddBlock } from './add-block';
import { BlockList } from './block-list';
import { BlockSettings } from './block-settings';
import type { FocusOn } from './focus-on';
import { copyOf } from './new-block';

/** The list of blocks, the form of the chosen one, and after them whatever is given: the preview. */
export function BlockEditor(props: {
  blocks: Block[];
  onChange: (blocks: Block[], about?: string) => void;
  chosen: string | null;
  choose: (id: string | null) => void;
  faulty: ReadonlySet<string>;
  focusOn: FocusOn;
  children: ReactNode;
}) {
  const { blocks, onChange, chosen, choose, faulty, focusOn, children } = props;
  const { t } = useTranslation('content');
  const [adding, dialog] = useDisclosure();
  const [said, say] = useState('');
  const block = blocks.find(({ id }) => id === chosen);
  const nameOf = (one: Block) => t(`block.${one.type}`);
  const placed = (id: string) => blocks.findIndex((one) => one.id === id);

  const move = (id: string, by: number) => {
    const at = placed(id);
    const to = at + by;
    if (to < 0 || to >= blocks.length) return;
    onChange(blocks.toSpliced(at, 1).toSpliced(to, 0, blocks[at]!));
    say(t('said.moved', { block: nameOf(blocks[at]!), place: to + 1, count: blocks.length }));
  };
  const insert = (added: Block[]) => {
    const at = chosen === null ? blocks.length : placed(chosen) + 1;
    onChange([...blocks.slice(0, at), ...added, ...blocks.slice(at)]);
    choose(added[0]!.id);
    say(t('said.added', { block: nameOf(added[0]!), place: at + 1 }));
    focusOn('#block-settings');
  };
  const copy = (id: string) => {
    const at = placed(id);
    const twin = copyOf(blocks[at]!);
    onChange([...blocks.slice(0, at + 1), twin, ...blocks.slice(at + 1)]);
    choose(twin.id);
    say(t('said.added', { block: nameOf(twin), place: at + 2 }));
    focusOn(`[data-act="choose ${twin.id}"]`);
  };
  const remove = (id: string) => {
    const at = placed(id);
    const left = blocks.filter((one) => one.id !== id);
    const next = left[Math.min(at, left.length - 1)];
    onChange(left);
    choose(next?.id ?? null);
    say(t('said.removed', { block: nameOf(blocks[at]!) }));
    if (next) focusOn(`[data-act="choose ${next.id}"]`);
    else focusOn('#block-list');
  };
  return (
    <>
      <BlockList
        blocks={blocks}
        chosen={chosen}
        faulty={faulty}
        acts={{ choose, move, copy, remove, add: dialog.open }}
      />
      {block ? (
        <BlockSettings
          key={block.id}
          block={block}
          onChange={(changed, about) =>
            onChange(
              blocks.map((one) => (one.id === changed.id ? changed : one)),
              `${changed.id} ${about}`,
            )
          }
        />
      ) : (
        <Text c="dimmed">{t(blocks.length === 0 ? 'settings.begin' : 'settings.none')}</Text>
      )}
      {children}
      {adding && <AddBlock close={dialog.close} insert={insert} />}
      <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
    </>
  );
}
