import { compile, type FormatCallback } from 'html-to-text';
import { liquidSpans, type LiquidSpan } from './liquid';

/** Written as "Avsluta prenumeration: https://…", so that a reader sees which link is which. */
const link: FormatCallback = (element, _walk, builder) => {
  const href = String(element.attribs['href'] ?? '');
  const target = href.startsWith('tel:') ? '' : href.replace(/^mailto:/, '');
  const text = textOf(element).replace(/\s+/g, ' ').trim();
  const words =
    text === target || target === '' ? text : `${text}${/[?!:]$/.test(text) ? '' : ':'} ${target}`;
  builder.addInline(words, { noWordTransform: true });
};

interface Node {
  data?: string;
  children?: Node[];
}

function textOf(node: Node): string {
  return (node.data ?? '') + (node.children ?? []).map(textOf).join('');
}

const quotation: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  walk(element.children, builder);
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => text.replace(/^/gm, '> '),
  });
};

const toText = compile({
  wordwrap: false,
  formatters: { namedLink: link, quotation },
  selectors: [
    { selector: 'a', format: 'namedLink' },
    { selector: 'img', format: 'skip' },
    { selector: 'hr', format: 'skip' },
    { selector: 'div', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    { selector: 'blockquote', format: 'quotation' },
    { selector: 'div[style*="display:none"]', format: 'skip' },
    { selector: '.not-in-text', format: 'skip' },
    { selector: 'title', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4'].map((selector) => ({
      selector,
      options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 2 },
    })),
  ],
});

/**
 * The plain text part, as a Liquid source of its own. Liquid parts are kept away from the conversion and put back
 * whole, so `{{ … }}` typed as entities in the HTML cannot come alive here.
 */
export function toMailText(html: string): { text: string; awakened: boolean } {
  const spans = liquidSpans(html);
  const plain = toText(numbered(html, spans));
  const awakened = /\{\{|\{%/.test(plain);
  const lines = plain
    .split('\n')
    .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
    .join('\n');
  const tag = /(^|\n)(\uE000\d+\uE001)\n+/g;
  const text = lines
    // A condition on a line of its own must not leave blank lines where it is false.
    .replace(tag, (all, start: string, mark: string) => (isTag(mark, spans) ? start + mark : all))
    .replace(/(\uE001|https?:\S+) · /g, '$1\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\uE000(\d+)\uE001/g, (_mark, index: string) => spans[Number(index)]!.text)
    .trim();
  return { text: `${text}\n`, awakened };
}

function isTag(mark: string, spans: LiquidSpan[]): boolean {
  return spans[Number(mark.slice(1, -1))]!.kind === 'tag';
}

function numbered(html: string, spans: LiquidSpan[]): string {
  let result = '';
  let at = 0;
  spans.forEach((span, index) => {
    result += `${html.slice(at, span.begin)}\uE000${index}\uE001`;
    at = span.end;
  });
  return result + html.slice(at);
}
