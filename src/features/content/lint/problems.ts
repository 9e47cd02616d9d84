/** Everything the lint can say; the words are in the catalogues under `content:problem.*`. */
export const PROBLEM_CODES = [
  'mjml_invalid',
  'liquid_invalid',
  'unknown_field',
  'unknown_filter',
  'unknown_tag',
  'reserved_name',
  'stray_break',
  'too_heavy',
  'missing_fallback',
  'control_character',
  'line_break',
  'unreplaced_placeholder',
  'tag_not_allowed',
  'attribute_not_allowed',
  'event_handler',
  'style_not_allowed',
  'markup_declaration',
  'not_closed',
  'not_opened',
  'field_in_markup',
  'field_in_image',
  'field_not_encoded',
  'link_missing',
  'link_with_space',
  'link_not_allowed',
  'image_without_alt',
  'image_missing',
  'subject_empty',
  'subject_long',
  'preheader_empty',
  'preheader_long',
  'unsubscribe_missing',
  'size_warning',
  'size_refused',
  'settings_invalid',
  'sms_empty',
  'sms_too_long',
  'sms_long',
  'sms_unicode',
  'sms_link',
  'sms_shortener',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

export type ProblemPath = 'subject' | 'preheader' | 'body' | 'html' | 'text' | 'sender';

/** One finding. An `error` makes the content unsendable; a `warning` is advice. */
export interface Problem {
  severity: 'error' | 'warning';
  code: ProblemCode;
  path: ProblemPath;
  /** Counted from 1, in the source that `path` names. */
  line?: number;
  column?: number;
  /** Id of the block it is in, when the source was made from blocks. */
  block?: string;
  /** What the author probably meant. */
  suggestion?: string;
  /** Values for the translated text. */
  params: Record<string, string | number>;
}

export function isSendable(problems: readonly Problem[]): boolean {
  return problems.every(({ severity }) => severity !== 'error');
}

/** Collects findings about one source and turns positions into lines. */
export class Findings {
  readonly problems: Problem[] = [];

  constructor(
    private readonly path: ProblemPath,
    private readonly source: string,
  ) {}

  error(code: ProblemCode, index?: number, more: Partial<Problem> = {}): void {
    this.add('error', code, index, more);
  }

  warning(code: ProblemCode, index?: number, more: Partial<Problem> = {}): void {
    this.add('warning', code, index, more);
  }

  private add(
    severity: Problem['severity'],
    code: ProblemCode,
    index: number | undefined,
    more: Partial<Problem>,
  ): void {
    const position = index === undefined ? {} : lineAndColumn(this.source, index);
    this.problems.push({ severity, code, path: this.path, params: {}, ...position, ...more });
  }
}

export function lineAndColumn(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}

/** A piece of the source short enough to quote in a message. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
