import { Node, type Extensions } from '@tiptap/react';
import { Link } from '@mantine/tiptap';
import StarterKit from '@tiptap/starter-kit';

/** One line and no more: Enter does nothing. */
const OneLine = Node.create({ name: 'doc', topNode: true, content: 'paragraph' });

/** One level, and Tab leaves the text as it leaves every other field. */
const Item = Node.create({
  name: 'listItem',
  content: 'paragraph',
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  renderHTML: ({ HTMLAttributes }) => ['li', HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem('listItem') };
  },
});

/** A merge field, shown by its name and what stands there for who has none. */
function fieldNode(labels: ReadonlyMap<string, string>) {
  return Node.create({
    name: 'field',
    group: 'inline',
    inline: true,
    atom: true,
    selectable: true,
    addAttributes: () => ({ field: { default: '' }, fallback: { default: '' } }),
    parseHTML: () => [],
    renderHTML: ({ node }) => {
      const { field, fallback } = node.attrs as { field: string; fallback: string };
      const name = labels.get(field) ?? field;
      return ['span', { class: 'field-chip' }, fallback ? `${name} (${fallback})` : name];
    },
  });
}

/** What a text may hold: exactly what our own structure knows. Undoing is the whole editor's. */
export function extensionsFor(labels: ReadonlyMap<string, string>, oneLine: boolean): Extensions {
  const never = false as const;
  return [
    StarterKit.configure({
      blockquote: never,
      code: never,
      codeBlock: never,
      dropcursor: never,
      gapcursor: never,
      heading: never,
      horizontalRule: never,
      link: never,
      listItem: never,
      orderedList: never,
      strike: never,
      trailingNode: never,
      underline: never,
      undoRedo: never,
      ...(oneLine && { document: never, bulletList: never, hardBreak: never, listKeymap: never }),
    }),
    Link.configure({ openOnClick: false, autolink: false, protocols: ['https', 'mailto', 'tel'] }),
    ...(oneLine ? [OneLine] : [Item]),
    fieldNode(labels),
  ];
}
