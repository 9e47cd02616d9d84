import '@mantine/tiptap/styles.css';
import './rich-field.css';
import { Input, Menu, TextInput } from '@mantine/core';
import { RichTextEditor } from '@mantine/tiptap';
import { IconBraces } from '@tabler/icons-react';
import { useEditor, useEditorState, type Editor, type JSONContent } from '@tiptap/react';
import { useEffect, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../api/client';
import { extensionsFor } from './nodes';

export type MergeFieldChoice = Answer<'MergeFieldView'>;

/** Everything Liquid cannot say inside quotes. */
const UNSAYABLE = /[<>&{}%"\\]/g;

/** A text with bold, italic, links, lists and fields; reads and gives the editor's own document. */
export function RichField(props: {
  label: string;
  description?: string;
  document: JSONContent;
  onChange: (document: JSONContent) => void;
  fields: readonly MergeFieldChoice[];
  oneLine?: boolean;
}) {
  const { label, description, document, onChange, fields, oneLine = false } = props;
  const { t } = useTranslation('content');
  const id = useId();
  const extensions = useMemo(
    () => extensionsFor(new Map(fields.map((field) => [field.field, field.label])), oneLine),
    [fields, oneLine],
  );
  const told = useRef('');
  const editor = useEditor(
    {
      extensions,
      content: document,
      immediatelyRender: true,
      editorProps: {
        attributes: {
          role: 'textbox',
          'aria-multiline': String(!oneLine),
          'aria-labelledby': id,
        },
      },
      onUpdate: ({ editor: changed }) => {
        const next = changed.getJSON();
        told.current = JSON.stringify(next);
        onChange(next);
      },
    },
    [extensions],
  );
  // What comes from elsewhere, by undo or another version, replaces what stands here; our own echo does not.
  const outside = JSON.stringify(document);
  useEffect(() => {
    const mine = JSON.stringify(editor.getJSON());
    if (outside !== mine && told.current !== outside && normal(outside) !== normal(mine)) {
      editor.commands.setContent(JSON.parse(outside) as JSONContent, { emitUpdate: false });
    }
  }, [editor, outside]);
  return (
    <Input.Wrapper label={label} description={description} labelProps={{ id }} labelElement="div">
      <RichTextEditor
        editor={editor}
        mt={4}
        withCodeHighlightStyles={false}
        labels={{
          boldControlLabel: t('words.bold'),
          italicControlLabel: t('words.italic'),
          linkControlLabel: t('words.link'),
          unlinkControlLabel: t('words.unlink'),
          bulletListControlLabel: t('words.list'),
          linkEditorInputLabel: t('words.address'),
          linkEditorInputPlaceholder: 'https://',
          linkEditorSave: t('words.saveLink'),
        }}
      >
        <RichTextEditor.Toolbar>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Bold />
            <RichTextEditor.Italic />
            {/* In a mail it is the reader's program that decides where a link opens. */}
            <RichTextEditor.Link styles={{ linkEditorExternalControl: { display: 'none' } }} />
            <RichTextEditor.Unlink />
            {!oneLine && <RichTextEditor.BulletList />}
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <InsertField editor={editor} fields={fields} />
          </RichTextEditor.ControlsGroup>
        </RichTextEditor.Toolbar>
        <RichTextEditor.Content />
      </RichTextEditor>
      <Fallback editor={editor} fields={fields} />
    </Input.Wrapper>
  );
}

/** Documents that differ only in how emptiness is written. */
function normal(document: string): string {
  return document.replaceAll(',"content":[]', '').replaceAll(',"marks":[]', '');
}

function InsertField(props: { editor: Editor; fields: readonly MergeFieldChoice[] }) {
  const { t } = useTranslation('content');
  const insert = ({ field }: MergeFieldChoice) => {
    const fallback = t(`fallback.${field.replace('.', '_')}`, { defaultValue: '' });
    props.editor.chain().focus().insertContent({ type: 'field', attrs: { field, fallback } }).run();
  };
  return (
    <Menu returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <RichTextEditor.Control px={8} w="auto" fz="xs" className="insert-field">
          <IconBraces size={16} stroke={1.5} aria-hidden />
          {t('words.field')}
        </RichTextEditor.Control>
      </Menu.Target>
      <Menu.Dropdown mah="20rem" style={{ overflowY: 'auto' }}>
        {props.fields.map((field) => (
          <Menu.Item key={field.field} onClick={() => insert(field)}>
            {field.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What stands there for a person without the fact; shown while a field is chosen in the text. */
function Fallback({ editor, fields }: { editor: Editor; fields: readonly MergeFieldChoice[] }) {
  const { t } = useTranslation('content');
  const chip = useEditorState({
    editor,
    selector: ({ editor: { state } }) => {
      const { from, to } = state.selection;
      // The chosen chip, or the one right before the cursor: there it is when it has just been put in.
      const node = state.doc.nodeAt(to - from === 1 ? from : Math.max(0, from - 1));
      const at = to - from === 1 ? from : from - 1;
      if (node?.type.name !== 'field') return null;
      const { field, fallback } = node.attrs as { field: string; fallback: string };
      return { at, field, fallback };
    },
  });
  const known = chip && fields.find(({ field }) => field === chip.field);
  if (!chip || !known?.personal) return null;
  const change = (fallback: string) => {
    editor
      .chain()
      .setMeta('addToHistory', true)
      .command(({ tr }) => {
        tr.setNodeAttribute(chip.at, 'fallback', fallback.replace(UNSAYABLE, '').slice(0, 60));
        return true;
      })
      .run();
  };
  return (
    <TextInput
      mt="xs"
      size="sm"
      label={t('words.fallback', { field: known.label })}
      description={t('words.fallbackHint')}
      value={chip.fallback}
      maxLength={60}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
