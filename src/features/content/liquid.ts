import { Liquid, Tokenizer, TokenKind, type LiquidOptions, type TagToken } from 'liquidjs';

/** `elsif`, `else`, `when` and the end tags belong to these and have no entry of their own. */
export const TAGS = [
  'if',
  'unless',
  'case',
  'for',
  'assign',
  'comment',
  'raw',
  'break',
  'continue',
] as const;

/** `raw` (the filter) would switch escaping off; `date: 'now'` would make renderings differ. */
export const FILTERS = [
  'default',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'truncate',
  'truncatewords',
  'replace',
  'remove',
  'append',
  'prepend',
  'url_encode',
  'split',
  'first',
  'last',
  'size',
] as const;

/**
 * Liquid without files, foreign properties or unescaped output. LiquidJS had a remote code execution in
 * CVE-2026-45618 and reads files by default, so what authors do not need is taken away, not only switched off.
 */
function lockedDown(options: LiquidOptions): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    relativeReference: false,
    parseLimit: 200_000,
    renderLimit: 200,
    memoryLimit: 1_000_000,
    ...options,
  });
  keepOnly(engine.tags, TAGS);
  keepOnly(engine.filters, FILTERS);
  return engine;
}

function keepOnly(registered: Record<string, unknown>, kept: readonly string[]): void {
  for (const name of Object.keys(registered)) if (!kept.includes(name)) delete registered[name];
  // Otherwise `| constructor` finds Object.prototype's and runs it as a filter.
  Object.setPrototypeOf(registered, null);
}

/** For HTML: every value is escaped. */
export const htmlLiquid = lockedDown({ outputEscape: 'escape' });

/** For subjects, plain text and SMS: values as they are. */
export const textLiquid = lockedDown({});

/** For the layouts, filled once at compile time: `[[ … ]]`, so that the recipients' `{{ … }}` pass through. */
export const layoutLiquid = lockedDown({
  outputEscape: 'escape',
  outputDelimiterLeft: '[[',
  outputDelimiterRight: ']]',
  tagDelimiterLeft: '[%',
  tagDelimiterRight: '%]',
});

/** One `{{ … }}` or `{% … %}` of a source. */
export interface LiquidSpan {
  begin: number;
  end: number;
  kind: 'output' | 'tag';
  /** Name of a tag; empty for an output. */
  name: string;
  text: string;
}

/** The Liquid parts of a source, in order. Throws LiquidJS's TokenizationError. */
export function liquidSpans(source: string): LiquidSpan[] {
  const spans: LiquidSpan[] = [];
  for (const token of new Tokenizer(source).readTopLevelTokens(htmlLiquid.options)) {
    if (token.kind === TokenKind.HTML) continue;
    const tag = token.kind === TokenKind.Tag;
    spans.push({
      begin: token.begin,
      end: token.end,
      kind: tag ? 'tag' : 'output',
      name: tag ? (token as TagToken).name : '',
      text: source.slice(token.begin, token.end),
    });
  }
  return spans;
}

export const OUTPUT_MARK = '\uE000';
export const TAG_MARK = '\uE001';
export const FILL_MARK = '\uE002';

/** True when a source holds characters, also as entities, that the masking below needs for itself. */
export function holdsMarks(source: string): boolean {
  return /[\uE000-\uE002]|&#(x0*e00[0-2]|0*5734[4-6])(?![0-9a-f])/i.test(source);
}

/**
 * The source with every Liquid part replaced by marks of the same length, so that an HTML scanner sees what a
 * browser will see: a value that holds no markup. Positions stay true.
 */
export function maskLiquid(source: string, spans: LiquidSpan[]): string {
  let masked = '';
  let at = 0;
  for (const span of spans) {
    const mark = span.kind === 'tag' ? TAG_MARK : OUTPUT_MARK;
    masked += source.slice(at, span.begin) + mark.padEnd(span.end - span.begin, FILL_MARK);
    at = span.end;
  }
  return masked + source.slice(at);
}

/** Applies `change` to the static text only; Liquid parts stay as they are. */
export function mapStatic(source: string, change: (text: string) => string): string {
  let result = '';
  let at = 0;
  for (const span of liquidSpans(source)) {
    result += change(source.slice(at, span.begin)) + span.text;
    at = span.end;
  }
  return result + change(source.slice(at));
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
