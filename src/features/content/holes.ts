import { Context, Output, TokenKind, type Liquid, type Template } from 'liquidjs';

type Quick = (scope: object) => string | null;

interface Hole {
  templates: Template[];
  /** Set for a plain field, which most holes are: reading it directly is many times cheaper than Liquid. */
  quick: Quick | null;
  source: string;
}

/** A parsed source: `pieces` is one longer than `holes`; the mail is piece, hole, piece, … piece. */
export interface Holes {
  readonly pieces: readonly string[];
  readonly holes: readonly Hole[];
  readonly engine: Liquid;
}

/** Splits a Liquid source, once per content version, into static text and holes. */
export function parseHoles(engine: Liquid, source: string): Holes {
  const pieces: string[] = [''];
  const holes: Hole[] = [];
  const templates = engine.parse(source);
  const assigned = new Set(Object.keys(engine.analyzeSync(templates).locals));
  let afterStatic = true;
  for (const template of templates) {
    if (template.token.kind === TokenKind.HTML) {
      const text = String(engine.renderSync([template], {}));
      if (text === '') continue;
      pieces[pieces.length - 1] += text;
      afterStatic = true;
    } else if (afterStatic) {
      holes.push({ templates: [template], quick: null, source: template.token.getText() });
      pieces.push('');
      afterStatic = false;
    } else {
      const hole = holes.at(-1)!;
      hole.templates.push(template);
      hole.source += template.token.getText();
    }
  }
  for (const hole of holes) hole.quick = quickRead(hole.templates, engine, assigned);
  return { pieces, holes, engine };
}

/** Renders only the holes for one recipient; they share a context, so `assign` reaches later holes. */
export function renderHoles({ holes, engine }: Holes, scope: object): string[] {
  let context: Context | undefined;
  return holes.map(({ quick, templates }) => {
    const value = quick?.(scope) ?? null;
    if (value !== null) return value;
    context ??= new Context(scope, engine.options, { sync: true }, { liquid: engine });
    return String(engine.renderSync(templates, context));
  });
}

/** The whole text, equal to rendering the source at once. */
export function joinPieces(pieces: readonly string[], holes: readonly string[]): string {
  let text = pieces[0] ?? '';
  for (let index = 0; index < holes.length; index++) {
    text += holes[index]! + (pieces[index + 1] ?? '');
  }
  return text;
}

const PLAIN_FIELD =
  /^\{\{-?\s*([A-Za-z_]+)(?:\.([A-Za-z_]+))?\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?-?\}\}$/;

/** `{{ a.b }}` and `{{ a.b | default: 'c' }}` without Liquid; anything else, and any value but text, is left to it. */
function quickRead(
  templates: Template[],
  engine: Liquid,
  assigned: ReadonlySet<string>,
): Quick | null {
  const [template] = templates;
  if (templates.length !== 1 || !(template instanceof Output)) return null;
  const match = PLAIN_FIELD.exec(template.token.getText());
  const [, root, property, double, single] = match ?? [];
  if (root === undefined || assigned.has(root)) return null;
  const fallback = double ?? single ?? '';
  const finish = engine.options.outputEscape ? escapeLikeLiquid : (text: string) => text;
  const finishedFallback = finish(fallback);
  return (scope) => {
    const outer = ownValue(scope, root);
    const value = property === undefined ? outer : ownValue(outer, property);
    if (typeof value !== 'string') return null;
    return value === '' ? finishedFallback : finish(value);
  };
}

function ownValue(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name))
    return undefined;
  return (object as Record<string, unknown>)[name];
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeLikeLiquid(text: string): string {
  return /[&<>"']/.test(text)
    ? text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
    : text;
}
