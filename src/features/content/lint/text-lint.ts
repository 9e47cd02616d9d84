import { holdsMarks, liquidSpans, maskLiquid, textLiquid } from '../liquid';
import { lintLiquid, lintWeight } from './liquid-lint';
import { Findings } from './problems';

/** Marks that other systems or a half-finished copy leave behind. */
const PLACEHOLDERS =
  /&#123;(&#123;|%)|(&#125;|%)&#125;|\{\{|\}\}|\{%|%\}|<%|%>|\|UNSUB|###|\*\||\[\[|\]\]|%%[A-Za-z_]+%%/g;
/** Invisible, and able to end a header, hide a word or turn its direction. */
const CONTROL = /[^\P{Cc}\t\r\n]|[\u2028-\u202e\u2066-\u2069]/u;
/** Every character some mail program takes for the end of a header line. */
const LINE_BREAKS = /[\r\n\v\f\u0085\u2028\u2029]/;

/** Checks the characters and leftovers of any source; false when it is not worth reading further. */
export function lintCharacters(source: string, findings: Findings): boolean {
  const control = CONTROL.exec(source);
  if (control || holdsMarks(source)) {
    findings.error('control_character', control?.index);
    return false;
  }
  return true;
}

/** Placeholders outside the Liquid parts would reach the recipient as they are. */
export function lintPlaceholders(source: string, findings: Findings): void {
  const masked = maskLiquid(source, liquidSpans(source));
  for (const { 0: text, index } of masked.matchAll(PLACEHOLDERS)) {
    findings.error('unreplaced_placeholder', index, { params: { text: decoded(text) } });
  }
}

function decoded(text: string): string {
  return text.replaceAll('&#123;', '{').replaceAll('&#125;', '}');
}

interface LineRules {
  path: 'subject' | 'preheader';
  fields: readonly string[];
  /** Invented people to try it on. */
  scopes: readonly object[];
  /** Longer than this is cut by phones. */
  readableLength: number;
}

const REFUSED_LENGTH = 400;

/** Checks a subject or preheader. Returns the findings and the fields it uses. */
export function lintLine(
  source: string,
  rules: LineRules,
): { findings: Findings; fields: string[] } {
  const findings = new Findings(rules.path, source);
  const subject = rules.path === 'subject';
  if (source.trim() === '') {
    if (subject) findings.error('subject_empty');
    else findings.warning('preheader_empty');
    return { findings, fields: [] };
  }
  const lineBreak = LINE_BREAKS.exec(source);
  if (lineBreak) {
    findings.error('line_break', lineBreak.index);
    return { findings, fields: [] };
  }
  if (!lintCharacters(source, findings)) return { findings, fields: [] };
  const fields = lintLiquid(textLiquid, source, rules.fields, findings);
  if (fields === null) return { findings, fields: [] };
  lintPlaceholders(source, findings);
  lintWeight(textLiquid, source, rules.scopes, findings);
  const staticLength = withoutLiquid(source).length;
  const code = subject ? 'subject_long' : 'preheader_long';
  const params = { length: staticLength, most: rules.readableLength };
  if (staticLength > REFUSED_LENGTH) findings.error(code, undefined, { params });
  else if (staticLength > rules.readableLength) findings.warning(code, undefined, { params });
  return { findings, fields };
}

function withoutLiquid(source: string): string {
  let text = '';
  let at = 0;
  for (const span of liquidSpans(source)) {
    text += source.slice(at, span.begin);
    at = span.end;
  }
  return (text + source.slice(at)).replace(/\s+/g, ' ').trim();
}

/** A header value on one line and in one direction, whatever the merge values held (RFC 5322, header injection). */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
