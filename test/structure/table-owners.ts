import ts from 'typescript';
import { roomOf } from './levels';
import { find, lineOf, type Source } from './source';

/** table → the room that writes it: schema.prisma keeps each model below its owner's heading. */
export function ownersIn(schema: string): Map<string, string> {
  const owners = new Map<string, string>();
  let owner = '';
  for (const line of schema.split('\n')) {
    owner = /^\/\/ ─+ ([a-z-]+) ─+$/.exec(line)?.[1] ?? owner;
    const table = /^\s*@@map\("(\w+)"\)/.exec(line)?.[1];
    if (table) owners.set(table, owner);
  }
  return owners;
}

export interface Write {
  readonly at: string;
  readonly writer: string;
  readonly table: string;
}

const NAME = '(?:ONLY\\s+)?"?(?:public"?\\."?)?(\\w+|\\$\\{)(?:[^}\\s]*\\})?"?';

const STATEMENTS = [
  `\\b(?:INSERT|MERGE)\\s+INTO\\s+${NAME}`,
  `\\bDELETE\\s+FROM\\s+${NAME}`,
  `\\bUPDATE\\s+${NAME}\\s+(?:(?:AS\\s+)?\\w+\\s+)?SET\\b`,
  `\\bTRUNCATE\\s+(?:TABLE\\s+)?${NAME}`,
  `\\bCOPY\\s+${NAME}\\s*(?:\\([^)]*\\)\\s*)?FROM\\b`,
].map((pattern) => new RegExp(pattern, 'gi'));

const PRISMA_WRITES =
  /^(create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)$/;

/** Every write to a table in a file: SQL in its strings, and calls on the Prisma client. */
export function writesIn(source: Source, tables: ReadonlySet<string>): Write[] {
  const writer = roomOf(source.path) ?? source.path.split('/')[1] ?? '';
  const inSql = find(source, isText).flatMap((node) =>
    STATEMENTS.flatMap((pattern) => [...node.getText().matchAll(pattern)])
      .map((match) => match[1]!)
      // A table whose name is put together at run time is nobody's: it stays in the list and fails.
      .filter((table) => tables.has(table) || table === '${')
      .map((table) => ({ at: lineOf(source, node), writer, table })),
  );
  const byModel = new Map([...tables].map((table) => [camelCase(table), table]));
  const inPrisma = find(source, ts.isPropertyAccessExpression)
    .filter(({ name }) => PRISMA_WRITES.test(name.text))
    .flatMap((node) => {
      const model = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
      const table = byModel.get(model);
      return table ? [{ at: lineOf(source, node), writer, table }] : [];
    });
  return [...inSql, ...inPrisma];
}

function isText(node: ts.Node): node is ts.StringLiteral | ts.TemplateLiteral {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateExpression(node)
  );
}

function camelCase(table: string): string {
  return table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
