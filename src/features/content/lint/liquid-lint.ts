import {
  ForTag,
  LiquidError,
  Output,
  TokenKind,
  type Liquid,
  type RangeToken,
  type Template,
  type Variable,
} from 'liquidjs';
import { closest } from '../../../domain/did-you-mean';
import { FILTERS, TAGS } from '../liquid';
import { PERSONAL_FIELDS } from '../../../domain/merge-fields';
import { quote, type Findings } from './problems';

/**
 * Checks the Liquid of one source against the closed list of fields, tags and filters.
 * Returns the fields it uses; null when it cannot be parsed.
 */
export function lintLiquid(
  engine: Liquid,
  source: string,
  fields: readonly string[],
  findings: Findings,
): string[] | null {
  let templates: Template[];
  try {
    templates = engine.parse(source);
  } catch (cause) {
    explainParseError(cause as Error, source, findings);
    return null;
  }
  const roots = new Set(fields.map((field) => field.split('.')[0]!));
  const { globals, locals } = engine.analyzeSync(templates);
  const used = new Set<string>();
  for (const variable of Object.values(globals).flat()) {
    const name = pathOf(variable);
    if (fields.includes(name)) used.add(name);
    else {
      findings.error('unknown_field', undefined, {
        ...place(variable),
        params: { field: quote(name) },
        suggestion: closest(name, fields) ?? undefined,
      });
    }
  }
  for (const variable of Object.values(locals).flat()) {
    const name = pathOf(variable);
    // A field hidden by an own variable would print something else, the opt-out link among them.
    if (roots.has(name) || !/^[a-zåäö][a-zåäö0-9_]*$/i.test(name) || name in Object.prototype) {
      findings.error('reserved_name', undefined, { ...place(variable), params: { name } });
    }
  }
  walk(templates, { inLoop: false, guarded: new Set() }, roots, findings);
  return [...used];
}

interface Surroundings {
  inLoop: boolean;
  /** Fields an enclosing condition has asked for. */
  guarded: ReadonlySet<string>;
}

function walk(
  templates: readonly Template[],
  around: Surroundings,
  roots: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const template of templates) {
    if (template instanceof Output) {
      lintOutput(template, around, findings);
      continue;
    }
    if (template.token.kind !== TokenKind.Tag) continue;
    const name = (template.token as unknown as { name: string }).name;
    // Outside a loop it would end the whole mail there, before the footer.
    if ((name === 'break' || name === 'continue') && !around.inLoop) {
      findings.error('stray_break', template.token.begin, { params: { tag: name } });
    }
    for (const variable of template.blockScope?.() ?? []) {
      if (roots.has(variable)) {
        findings.error('reserved_name', template.token.begin, { params: { name: variable } });
      }
    }
    if (!template.children) continue;
    const guarded = new Set([...around.guarded, ...mentioned(template)]);
    if (template instanceof ForTag) {
      if (around.inLoop || isLong(template)) findings.error('too_heavy', template.token.begin);
      walk(template.templates, { inLoop: true, guarded }, roots, findings);
      walk(template.elseTemplates ?? [], { ...around, guarded }, roots, findings);
    } else {
      walk(childrenOf(template), { ...around, guarded }, roots, findings);
    }
  }
}

const LONGEST_LOOP = 50;

/** Counted at save, because a loop behind a condition would only show its weight while sending. */
function isLong({ collection }: ForTag): boolean {
  if (collection.kind !== TokenKind.Range) return false;
  const { lhs, rhs } = collection as RangeToken;
  const length = Number(rhs.getText()) - Number(lhs.getText()) + 1;
  return !(length <= LONGEST_LOOP);
}

/** Renders once for invented people, with every field filled and with none: what cannot, must not be sent. */
export function lintWeight(
  engine: Liquid,
  source: string,
  scopes: readonly object[],
  findings: Findings,
): void {
  try {
    for (const scope of scopes) engine.parseAndRenderSync(source, scope);
  } catch (cause) {
    findings.error('too_heavy', LiquidError.is(cause) ? cause.token.begin : undefined);
  }
}

function lintOutput(output: Output, around: Surroundings, findings: Findings): void {
  const { initial, filters } = output.value;
  const field = initial.postfix.length === 1 ? initial.postfix[0]!.getText().trim() : '';
  if (!PERSONAL_FIELDS.has(field) || around.guarded.has(field)) return;
  if (filters.some(({ name }) => name === 'default')) return;
  findings.warning('missing_fallback', output.token.begin, {
    params: { field },
    suggestion: `{{ ${field} | default: '…' }}`,
  });
}

function mentioned(template: Template): string[] {
  const text = template.token.getText();
  return [...PERSONAL_FIELDS].filter((field) => text.includes(field));
}

function childrenOf(template: Template): Template[] {
  const generator = template.children!(false, true);
  let step = generator.next();
  while (!step.done) step = generator.next(step.value);
  return step.value;
}

function pathOf(variable: Variable): string {
  return variable.segments
    .map((segment) => (typeof segment === 'object' ? `[${pathOf(segment)}]` : String(segment)))
    .join('.');
}

function place(variable: Variable): { line: number; column: number } {
  return { line: variable.location.row, column: variable.location.col };
}

function explainParseError(cause: Error, source: string, findings: Findings): void {
  const reason =
    LiquidError.is(cause) && cause.originalError ? cause.originalError.message : cause.message;
  const token = LiquidError.is(cause) ? cause.token : undefined;
  const index = token?.begin;
  const filter = /undefined filter: (.+?)(?:, line|$)/.exec(reason)?.[1];
  const tag = /tag "(.+?)" not found/.exec(reason)?.[1];
  if (filter !== undefined) {
    const suggestion = closest(filter, [...FILTERS]) ?? undefined;
    findings.error('unknown_filter', index, { params: { filter: quote(filter) }, suggestion });
  } else if (tag !== undefined) {
    const suggestion = closest(tag, [...TAGS]) ?? undefined;
    findings.error('unknown_tag', index, { params: { tag: quote(tag) }, suggestion });
  } else {
    const text = quote(token ? source.slice(token.begin, token.end) || reason : reason);
    findings.error('liquid_invalid', index, { params: { text } });
  }
}
