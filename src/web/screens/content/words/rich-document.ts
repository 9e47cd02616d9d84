import type { JSONContent } from '@tiptap/react';
import type { MergeField } from '../../../../domain/merge-fields';
import type {
  FieldChip,
  Inline,
  Paragraph,
  RichText,
  Words,
} from '../../../../domain/blocks/block';

/** Our own structure of a text as the editor's document. */
export function toDocument(text: RichText): JSONContent {
  const content = text.map((part) =>
    part.kind === 'paragraph'
      ? paragraph(part.content)
      : {
          type: 'bulletList',
          content: part.items.map((item) => ({ type: 'listItem', content: [paragraph(item)] })),
        },
  );
  return { type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] };
}

export function lineToDocument(line: Inline[]): JSONContent {
  return { type: 'doc', content: [paragraph(line)] };
}

function paragraph(inline: Inline[]): JSONContent {
  return { type: 'paragraph', content: inline.flatMap(toNodes) };
}

function toNodes(part: Inline): JSONContent[] {
  const marks = [
    ...(part.bold ? [{ type: 'bold' }] : []),
    ...(part.italic ? [{ type: 'italic' }] : []),
    ...(part.link ? [{ type: 'link', attrs: { href: part.link } }] : []),
  ];
  if ('field' in part) {
    return [{ type: 'field', attrs: { field: part.field, fallback: part.fallback }, marks }];
  }
  return part.text
    .split('\n')
    .flatMap((text, index) => [
      ...(index > 0 ? [{ type: 'hardBreak' }] : []),
      ...(text === '' ? [] : [{ type: 'text', text, marks }]),
    ]);
}

/** The editor's document as our own structure; an empty one is nothing. */
export function fromDocument(document: JSONContent): RichText {
  const parts = (document.content ?? []).map((node): Paragraph => {
    if (node.type !== 'bulletList') return { kind: 'paragraph', content: inlineOf(node) };
    const items = (node.content ?? []).map((item) => inlineOf(item.content?.[0] ?? {}));
    return { kind: 'list', items };
  });
  const isEmpty = parts.every((part) => part.kind === 'paragraph' && part.content.length === 0);
  return isEmpty ? [] : parts;
}

export function lineFromDocument(document: JSONContent): Inline[] {
  return inlineOf(document.content?.[0] ?? {});
}

function inlineOf(node: JSONContent): Inline[] {
  const found: Inline[] = [];
  for (const part of (node.content ?? []).map(fromNode)) {
    const last = found.at(-1);
    if (last && isWords(last) && isWords(part) && sameLook(last, part)) last.text += part.text;
    else found.push(part);
  }
  return found;
}

function fromNode({ type, text = '', attrs, marks = [] }: JSONContent): Inline {
  const has = (name: string) => marks.some((mark) => mark.type === name);
  const link = marks.find((mark) => mark.type === 'link')?.attrs?.['href'] as string | undefined;
  const look = {
    ...(has('bold') && { bold: true }),
    ...(has('italic') && { italic: true }),
    ...(link && { link }),
  };
  if (type === 'hardBreak') return { text: '\n' };
  if (type !== 'field') return { text, ...look };
  const { field, fallback } = attrs as { field: MergeField; fallback: string };
  return { field, fallback, ...look } satisfies FieldChip;
}

function isWords(part: Inline): part is Words {
  return 'text' in part;
}

function sameLook(one: Words, other: Words): boolean {
  return one.bold === other.bold && one.italic === other.italic && one.link === other.link;
}
