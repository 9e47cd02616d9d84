import { QuoteType, Tokenizer } from 'htmlparser2';
import { TAG_MARK } from '../liquid';

export interface Attribute {
  name: string;
  /** With entities decoded, as a browser will read it. */
  value: string;
  index: number;
  quoted: boolean;
}

export type MarkupEvent =
  | { kind: 'open'; name: string; index: number; attributes: Attribute[]; selfClosing: boolean }
  | { kind: 'close'; name: string; index: number }
  | { kind: 'comment'; text: string; index: number }
  | { kind: 'declaration'; index: number }
  | { kind: 'text'; text: string; index: number };

/**
 * Reads markup into a flat list of events with positions. It repairs nothing: what a parser would forgive is what
 * an attacker hides in. `xml` also looks inside elements that HTML treats as plain text.
 */
export function readMarkup(source: string, { xml }: { xml: boolean }): MarkupEvent[] {
  const events: MarkupEvent[] = [];
  let open: Extract<MarkupEvent, { kind: 'open' }> | undefined;
  let attribute: Attribute | undefined;
  const end = (selfClosing: boolean) => {
    if (open) events.push({ ...open, selfClosing });
    open = undefined;
  };
  const tokenizer = new Tokenizer(
    { xmlMode: xml, decodeEntities: true },
    {
      onopentagname(start, stop) {
        const name = source.slice(start, stop);
        open = { kind: 'open', name, index: start - 1, attributes: [], selfClosing: false };
      },
      onattribname(start, stop) {
        attribute = { name: source.slice(start, stop), value: '', index: start, quoted: false };
      },
      onattribdata(start, stop) {
        if (attribute) attribute.value += source.slice(start, stop);
      },
      onattribentity(codepoint) {
        if (attribute) attribute.value += String.fromCodePoint(codepoint);
      },
      onattribend(quote) {
        if (!attribute) return;
        attribute.quoted = quote === QuoteType.Double || quote === QuoteType.Single;
        open?.attributes.push(attribute);
        attribute = undefined;
      },
      onopentagend: () => end(false),
      onselfclosingtag: () => end(true),
      onclosetag(start, stop) {
        events.push({ kind: 'close', name: source.slice(start, stop).trim(), index: start - 2 });
      },
      oncomment(start, stop, offset) {
        events.push({ kind: 'comment', text: source.slice(start, stop - offset), index: start });
      },
      oncdata: (start) => void events.push({ kind: 'declaration', index: start }),
      ondeclaration: (start) => void events.push({ kind: 'declaration', index: start }),
      onprocessinginstruction: (start) => void events.push({ kind: 'declaration', index: start }),
      ontext(start, stop) {
        events.push({ kind: 'text', text: source.slice(start, stop), index: start });
      },
      ontextentity: () => undefined,
      onend: () => undefined,
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  // A tag that the source ends in the middle of is never reported; say so instead of dropping it.
  if (open) events.push({ ...open, name: `${open.name} `, selfClosing: false });
  return events;
}

/** Where Liquid tags stand in an event's text. */
export function tagMarks({ text, index }: { text: string; index: number }): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(TAG_MARK); at >= 0; at = text.indexOf(TAG_MARK, at + 1)) {
    found.push(index + at);
  }
  return found;
}

/** The source with comments blanked out, line breaks kept; they are notes to colleagues and are not sent. */
export function withoutComments(source: string): string {
  return source.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
}
