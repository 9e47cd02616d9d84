import { liquidSpans, maskLiquid, OUTPUT_MARK, TAG_MARK, type LiquidSpan } from '../liquid';
import { lintImage, lintLink } from './links';
import { readMarkup, tagMarks, type Attribute, type MarkupEvent } from './markup';
import { quote, type Findings } from './problems';
import { isHarmlessStyle } from './style';

const MJML_TAGS = new Set(
  'mj-wrapper mj-section mj-column mj-group mj-hero mj-text mj-button mj-image mj-divider mj-spacer mj-table mj-raw'.split(
    ' ',
  ),
);
const HTML_TAGS = new Set(
  'a abbr b blockquote br code div em h1 h2 h3 h4 hr i img li ol p q s small span strong sub sup table tbody td tfoot th thead tr u ul'.split(
    ' ',
  ),
);
const VOID_TAGS = new Set(['br', 'hr', 'img']);
const HTML_ATTRIBUTES = new Set(
  'align alt bgcolor border cellpadding cellspacing class colspan dir height href lang role rowspan scope src style target title valign width'.split(
    ' ',
  ),
);
const LINKS = new Set(['href']);
const IMAGES = new Set(['src', 'background-url']);
/** Would load or send something in ways this lint does not follow. */
const REFUSED =
  /^(srcset|action|formaction|background|poster|usemap|ping|xlink:href|data|cite|name|path)$/i;
const FIELD_MAY_STAND_IN = new Set(['href', 'alt', 'title', 'src', 'background-url']);
const OPENS = new Set(['if', 'unless', 'case', 'for', 'comment', 'raw']);
const BRANCHES = new Set(['elsif', 'else', 'when']);

interface Open {
  kind: 'element' | 'liquid';
  name: string;
  index: number;
}

/** Checks what an author wrote: a closed list of elements, properly nested, also around conditions. */
export function lintAuthorMarkup(source: string, publicUrl: string, findings: Findings): void {
  const spans = liquidSpans(source);
  const spanAt = new Map(spans.map((span) => [span.begin, span]));
  const masked = maskLiquid(source, spans);
  const stack: Open[] = [];
  for (const event of readMarkup(masked, { xml: true })) {
    switch (event.kind) {
      case 'open':
        lintElement(event, { masked, spanAt, publicUrl }, findings);
        if (!event.selfClosing && !VOID_TAGS.has(event.name) && event.name !== 'mj-raw') {
          stack.push({ kind: 'element', name: event.name, index: event.index });
        }
        break;
      case 'close':
        if (/[\uE000-\uE002]/.test(event.name)) findings.error('field_in_markup', event.index);
        else if (event.name !== 'mj-raw')
          close(stack, 'element', event.name, event.index, findings);
        break;
      case 'text':
        for (const index of tagMarks(event)) nest(stack, spanAt.get(index)!, findings);
        break;
      case 'comment':
      case 'declaration':
        findings.error('markup_declaration', event.index);
        break;
    }
  }
  for (const { name, index } of stack) findings.error('not_closed', index, { params: { name } });
}

interface Source {
  masked: string;
  spanAt: ReadonlyMap<number, LiquidSpan>;
  publicUrl: string;
}

function lintElement(
  element: Extract<MarkupEvent, { kind: 'open' }>,
  source: Source,
  findings: Findings,
): void {
  const { name, index, attributes } = element;
  const html = HTML_TAGS.has(name);
  if (!html && !MJML_TAGS.has(name)) {
    findings.error('tag_not_allowed', index, { params: { name: quote(readable(name)) } });
  }
  for (const attribute of attributes) {
    const allowed = html
      ? HTML_ATTRIBUTES.has(attribute.name) || /^aria-[a-z]+$/.test(attribute.name)
      : true;
    lintAttribute(attribute, allowed && name !== 'mj-raw', source, findings);
  }
  const alt = attributes.find((attribute) => attribute.name === 'alt');
  if ((name === 'img' || name === 'mj-image') && alt === undefined) {
    findings.error('image_without_alt', index);
  }
}

function lintAttribute(
  attribute: Attribute,
  allowed: boolean,
  source: Source,
  findings: Findings,
): void {
  const { name, value, index } = attribute;
  const params = { name: quote(readable(name)) };
  if (/[\uE000-\uE002]/.test(name)) return findings.error('field_in_markup', index, { params });
  if (/^on/i.test(name)) return findings.error('event_handler', index, { params });
  if (!allowed || REFUSED.test(name))
    return findings.error('attribute_not_allowed', index, { params });
  const fields = value.includes(OUTPUT_MARK);
  const misplaced = fields && !FIELD_MAY_STAND_IN.has(name);
  if (misplaced || value.includes(TAG_MARK) || !attribute.quoted) {
    return findings.error('field_in_markup', index, { params });
  }
  if (LINKS.has(name) || IMAGES.has(name)) {
    const target = {
      masked: value,
      outputs: outputsIn(attribute, source),
      publicUrl: source.publicUrl,
    };
    const fault = LINKS.has(name) ? lintLink(target) : lintImage(target);
    if (fault) findings.error(fault, index, { params: { url: quote(readable(value)) } });
  } else if (name !== 'alt' && name !== 'title' && !isHarmlessStyle(value)) {
    findings.error('style_not_allowed', index, { params: { style: quote(value) } });
  }
}

function outputsIn(attribute: Attribute, { masked, spanAt }: Source): string[] {
  const outputs: string[] = [];
  let at = attribute.index;
  for (const character of attribute.value) {
    if (character !== OUTPUT_MARK) continue;
    at = masked.indexOf(OUTPUT_MARK, at);
    outputs.push(spanAt.get(at)?.text ?? '');
    at += 1;
  }
  return outputs;
}

/** A condition must hold whole elements: half of one could swallow the footer for some recipients. */
function nest(stack: Open[], span: LiquidSpan, findings: Findings): void {
  const { name, begin } = span;
  if (OPENS.has(name)) stack.push({ kind: 'liquid', name, index: begin });
  else if (name.startsWith('end')) close(stack, 'liquid', name.slice(3), begin, findings);
  else if (BRANCHES.has(name) && stack.at(-1)?.kind !== 'liquid') {
    const top = stack.at(-1);
    if (top) findings.error('not_closed', top.index, { params: { name: top.name } });
  }
}

function close(
  stack: Open[],
  kind: Open['kind'],
  name: string,
  index: number,
  findings: Findings,
): void {
  const at = stack.findLastIndex((open) => open.kind === kind && open.name === name);
  if (at < 0)
    return findings.error('not_opened', index, { params: { name: quote(readable(name)) } });
  for (const open of stack.splice(at).slice(1)) {
    findings.error('not_closed', open.index, { params: { name: open.name } });
  }
}

export function readable(text: string): string {
  return text.replace(/[\uE000-\uE002]+/g, '{{…}}');
}
