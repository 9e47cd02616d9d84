import { Group, NativeSelect, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KINDS, LANGUAGES, type Block, type Condition } from '../../../../domain/blocks/block';
import { useSession } from '../../../frame/session';
import { BlockFields } from './block-fields';
import { SaveSnippet } from './snippets';

/** The chosen block as an ordinary form. */
export function BlockSettings(props: {
  block: Block;
  onChange: (block: Block, about: string) => void;
}) {
  const { block, onChange } = props;
  const { t } = useTranslation('content');
  const { can } = useSession();
  return (
    <Stack component="section" aria-label={t('settings.name')}>
      <Title order={2} fz="h3" id="block-settings" tabIndex={-1}>
        {t(`block.${block.type}`)}
      </Title>
      <BlockFields key={block.id} block={block} onChange={onChange} />
      <ConditionField block={block} onChange={onChange} />
      {can('templates:write') && (
        <Group>
          <SaveSnippet block={block} />
        </Group>
      )}
    </Stack>
  );
}

const CHOICES: Condition[] = [
  ...LANGUAGES.map((is) => ({ about: 'language' as const, is })),
  ...KINDS.map((is) => ({ about: 'kind' as const, is })),
];
const nameOf = ({ about, is }: Condition) => `${about}.${is}`;

function ConditionField(props: { block: Block; onChange: (block: Block, about: string) => void }) {
  const { block, onChange } = props;
  const { t } = useTranslation('content');
  const choose = (name: string) => {
    const { condition: _, ...rest } = block;
    const condition = CHOICES.find((choice) => nameOf(choice) === name);
    onChange({ ...rest, ...(condition && { condition }) }, 'condition');
  };
  return (
    <NativeSelect
      label={t('settings.shownTo')}
      value={block.condition ? nameOf(block.condition) : ''}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={[
        { value: '', label: t('settings.everyone') },
        ...CHOICES.map((choice) => ({
          value: nameOf(choice),
          label: t(`condition.${nameOf(choice)}`),
        })),
      ]}
    />
  );
}
