import { Button, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BLOCK_TYPES, type Block } from '../../../../domain/blocks/block';
import { Dialog } from '../../../parts/dialog';
import { BLOCK_ICONS } from './block-icons';
import { copyOf, newBlock } from './new-block';
import { SnippetChoice } from './snippets';

/** What can be put in, and what somebody saved to use again. */
export function AddBlock(props: { close: () => void; insert: (blocks: Block[]) => void }) {
  const { close, insert } = props;
  const { t } = useTranslation('content');
  const choose = (blocks: Block[]) => {
    close();
    insert(blocks);
  };
  return (
    <Dialog close={close} title={t('list.add')} size="lg">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {BLOCK_TYPES.map((type) => {
            const KindIcon = BLOCK_ICONS[type];
            return (
              <Button
                key={type}
                variant="default"
                justify="flex-start"
                leftSection={<KindIcon size={18} stroke={1.6} aria-hidden />}
                onClick={() => choose([newBlock(type)])}
              >
                {t(`block.${type}`)}
              </Button>
            );
          })}
        </SimpleGrid>
        <SnippetChoice insert={(blocks) => choose(blocks.map(copyOf))} />
      </Stack>
    </Dialog>
  );
}
