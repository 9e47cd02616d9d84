import { type DeclaredAttributes, type Field, findField } from './fields';
import { readValue } from './parse-value';
import {
  DEEPEST,
  type Group,
  LEARNING_KINDS,
  MATCHES,
  MOST_RULES,
  type Operator,
  type Rule,
  type TreeNode,
} from './tree';
import {
  isRecord,
  optional,
  readList,
  readWhen,
  readWhole,
  type Report,
  type TreeFault,
} from './read-json';

export type ParsedTree = { ok: true; tree: Group } | { ok: false; faults: TreeFault[] };

const NONE: DeclaredAttributes = new Map();

/**
 * A tree from anything at all. What comes out has only keys, fields and operators of ours and values of their types,
 * texts in NFC; else every fault is told with its path (`rules.0.value`).
 */
export function parseTree(input: unknown, attributes: DeclaredAttributes = NONE): ParsedTree {
  const parser = new Parser(attributes);
  const tree = parser.group(input, '', 1);
  return tree && parser.faults.length === 0
    ? { ok: true, tree }
    : { ok: false, faults: parser.faults };
}

class Parser {
  readonly faults: TreeFault[] = [];
  private rules = 0;

  constructor(private readonly attributes: DeclaredAttributes) {}

  group(input: unknown, path: string, depth: number): Group | null {
    if (!isRecord(input)) return this.fault(path, 'not_a_group');
    if (depth > DEEPEST) return this.fault(path, 'too_deep');
    this.onlyKeys(input, path, ['match', 'rules']);
    const match = MATCHES.find((one) => one === input.match);
    if (!match) this.fault(join(path, 'match'), 'unknown_match');
    const { rules } = input;
    if (!Array.isArray(rules)) return this.fault(join(path, 'rules'), 'not_a_list');
    if (rules.length === 0) return this.fault(join(path, 'rules'), 'empty');
    if (this.rules + rules.length > MOST_RULES) return this.fault(join(path, 'rules'), 'too_wide');
    const nodes = rules.map((rule, n) => this.node(rule, join(path, `rules.${n}`), depth));
    return match ? { match, rules: nodes.filter((node) => node !== null) } : null;
  }

  private node(input: unknown, path: string, depth: number): TreeNode | null {
    if (!isRecord(input)) return this.fault(path, 'not_a_rule');
    // Groups count too, or a wide tree of narrow groups would have no end.
    this.rules += 1;
    if (this.rules > MOST_RULES) return this.fault(path, 'too_wide');
    return 'match' in input || 'rules' in input
      ? this.group(input, path, depth + 1)
      : this.rule(input, path);
  }

  private rule(input: Record<string, unknown>, path: string): Rule | null {
    const key = typeof input.field === 'string' ? input.field : '';
    const field = findField(key, this.attributes);
    if (!field) return this.fault(join(path, 'field'), 'unknown_field');
    const op = field.operators.find((one) => one === input.op);
    if (!op) return this.fault(join(path, 'op'), 'unknown_operator');
    const read = this.fields(field, op, input, path);
    this.onlyKeys(input, path, ['field', 'op', ...Object.keys(read)]);
    const said = Object.entries(read).filter(([, value]) => value !== undefined);
    return { field: key, op, ...Object.fromEntries(said) } as Rule;
  }

  /** What the rule holds besides field and operator: each by its own reader, faults told on the way. */
  private fields(
    field: Field,
    op: Operator,
    input: Record<string, unknown>,
    path: string,
  ): Record<string, unknown> {
    const at =
      (name: string): Report =>
      (code) =>
        this.fault(join(path, name), code);
    const when = () => optional(input.when, (value) => readWhen(value, false, at('when')));
    if (field.type === 'learning') return this.learning(op, input, at);
    if (field.type === 'topic') {
      const value = readList(input.value, 'id', at('value'));
      return { value, ...(op === 'granted' && { when: when() }) };
    }
    if (field.type === 'campaign' || field.type === 'clicks') {
      const value = optional(input.value, (ids) => readList(ids, 'id', at('value')));
      return { value, when: when() };
    }
    return readValue(field, op, input.value, at('value'));
  }

  private learning(
    op: Operator,
    input: Record<string, unknown>,
    at: (name: string) => Report,
  ): Record<string, unknown> {
    const list = (name: string, of: 'id' | 'text') =>
      optional(input[name], (value) => readList(value, of, at(name)));
    const counted = op === 'at_least' || op === 'at_most';
    const { which } = input;
    if (which !== undefined) {
      if (which !== 'first' && which !== 'last') at('which')('unknown_choice');
      if (input.when === undefined) at('when')('missing');
    }
    return {
      events: readList(input.events, LEARNING_KINDS, at('events')),
      courses: list('courses', 'id'),
      subjects: list('subjects', 'text'),
      ...(counted && { times: readWhole(input.times, 1, 1000, at('times')) }),
      when: optional(input.when, (value) => readWhen(value, false, at('when'))),
      ...(op === 'did' && { which }),
    };
  }

  private onlyKeys(input: Record<string, unknown>, path: string, known: readonly string[]): void {
    // The names are the caller's: a path of ours says where, and not what they wrote.
    if (Object.keys(input).some((key) => !known.includes(key))) this.fault(path, 'unknown_key');
  }

  private fault(path: string, code: TreeFault['code']): null {
    this.faults.push({ path, code });
    return null;
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
