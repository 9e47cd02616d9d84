import { Button, Checkbox, Fieldset, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Block, Cell, Picture } from '../../../../domain/blocks/block';
import { LineField, TextField } from '../words/words-field';
import { CourseFields } from './course-fields';
import { Address, Line } from './line-fields';
import { PictureField } from './picture-field';
import { SocialFields } from './social-fields';

/** Gives the block as it is after a change, and which of its fields the change was about. */
type Change<B> = (block: B, about: string) => void;

/** The fields of a block, each kind with its own. */
export function BlockFields({ block, onChange }: { block: Block; onChange: Change<Block> }) {
  const { t } = useTranslation('content');
  switch (block.type) {
    case 'header':
      return (
        <>
          <Line
            label={t('field.kicker')}
            hint={t('field.kickerHint')}
            value={block.kicker}
            onChange={(kicker) => onChange({ ...block, kicker }, 'kicker')}
          />
          <LineField
            label={t('field.title')}
            value={block.title}
            onChange={(title) => onChange({ ...block, title }, 'title')}
          />
          <MaybePicture
            value={block.picture}
            onChange={(picture, about) => onChange({ ...block, picture }, about)}
          />
        </>
      );
    case 'heading':
      return (
        <LineField
          label={t('field.heading')}
          value={block.content}
          onChange={(content) => onChange({ ...block, content }, 'content')}
        />
      );
    case 'text':
      return (
        <>
          <TextField
            label={t('field.text')}
            value={block.content}
            onChange={(content) => onChange({ ...block, content }, 'content')}
          />
          <Checkbox
            label={t('field.lead')}
            checked={block.lead === true}
            onChange={({ currentTarget }) =>
              onChange({ ...block, lead: currentTarget.checked }, 'lead')
            }
          />
        </>
      );
    case 'note':
      return (
        <TextField
          label={t('field.text')}
          description={t('field.noteHint')}
          value={block.content}
          onChange={(content) => onChange({ ...block, content }, 'content')}
        />
      );
    case 'image':
      return (
        <>
          <PictureField
            value={block.picture}
            onChange={(picture, about) => onChange({ ...block, picture }, about)}
          />
          <Address
            label={t('field.pictureUrl')}
            value={block.url}
            onChange={(url) => onChange({ ...block, url }, 'url')}
          />
        </>
      );
    case 'button':
      return (
        <>
          <Line
            label={t('field.label')}
            hint={t('field.labelHint')}
            value={block.label}
            onChange={(label) => onChange({ ...block, label }, 'label')}
          />
          <Address
            label={t('field.url')}
            value={block.url}
            onChange={(url) => onChange({ ...block, url }, 'url')}
          />
          <Checkbox
            label={t('field.quiet')}
            checked={block.quiet === true}
            onChange={({ currentTarget }) =>
              onChange({ ...block, quiet: currentTarget.checked }, 'quiet')
            }
          />
        </>
      );
    case 'columns':
      return (
        <>
          <Fieldset legend={t('field.left')}>
            <CellFields
              cell={block.left}
              onChange={(left, about) => onChange({ ...block, left }, `left.${about}`)}
            />
          </Fieldset>
          <Fieldset legend={t('field.right')}>
            <CellFields
              cell={block.right}
              onChange={(right, about) => onChange({ ...block, right }, `right.${about}`)}
            />
          </Fieldset>
        </>
      );
    case 'course':
      return (
        <CourseFields block={block} onChange={onChange}>
          <CellFields
            cell={block}
            onChange={(cell, about) => onChange({ ...block, ...cell }, about)}
          />
        </CourseFields>
      );
    case 'quote':
      return (
        <>
          <LineField
            label={t('field.quote')}
            value={block.content}
            onChange={(content) => onChange({ ...block, content }, 'content')}
          />
          <Line
            label={t('field.by')}
            value={block.by}
            onChange={(by) => onChange({ ...block, by }, 'by')}
          />
        </>
      );
    case 'divider':
      return <Text c="dimmed">{t('field.nothing')}</Text>;
    case 'social':
      return <SocialFields block={block} onChange={onChange} />;
  }
}

function CellFields({ cell, onChange }: { cell: Cell; onChange: Change<Cell> }) {
  const { t } = useTranslation('content');
  const link = cell.link ?? { label: '', url: '' };
  const { picture, heading, text } = cell;
  const change = (part: Partial<Cell>, about: string) =>
    onChange({ picture, heading, text, link: cell.link, ...part }, about);
  return (
    <Stack>
      <Line
        label={t('field.heading')}
        value={heading}
        onChange={(next) => change({ heading: next }, 'heading')}
      />
      <TextField
        label={t('field.text')}
        value={text}
        onChange={(next) => change({ text: next }, 'text')}
      />
      <Line
        label={t('field.linkLabel')}
        value={link.label}
        onChange={(label) =>
          change({ link: label || link.url ? { ...link, label } : null }, 'label')
        }
      />
      <Address
        label={t('field.url')}
        value={link.url}
        onChange={(url) => change({ link: url || link.label ? { ...link, url } : null }, 'url')}
      />
      <MaybePicture value={picture} onChange={(next, about) => change({ picture: next }, about)} />
    </Stack>
  );
}

function MaybePicture(props: { value: Picture | null; onChange: Change<Picture | null> }) {
  const { value, onChange } = props;
  const { t } = useTranslation('content');
  if (!value) {
    return (
      <Button variant="default" size="xs" onClick={() => onChange({ src: '', alt: '' }, 'picture')}>
        {t('picture.add')}
      </Button>
    );
  }
  return (
    <Fieldset legend={t('picture.title')}>
      <Stack gap="sm">
        <PictureField value={value} onChange={onChange} />
        <Button variant="subtle" color="red" size="xs" onClick={() => onChange(null, 'picture')}>
          {t('picture.remove')}
        </Button>
      </Stack>
    </Fieldset>
  );
}
