import type { QueryResultRow } from 'pg';
import {
  Database,
  type Sql,
  type TransactionOptions,
} from '../../../src/platform/database/database';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Filter?: string;
  Plans?: PlanNode[];
}

/** Fewer rows than this are read as fast without an index. */
const LARGE = 5_000;

/** Asks for the plan of everything before it runs it, and keeps what reads a large table from end to end. */
export class ExplainingDatabase extends Database {
  /** Statements seen, and the scans that should not be. */
  readonly statements: string[] = [];
  readonly scans: string[] = [];
  private large = new Set<string>();

  /** To be called when the rows are there and analysed. */
  async measure(): Promise<ReadonlySet<string>> {
    const tables = await super.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples >= $1`,
      [LARGE],
    );
    this.large = new Set(tables.map(({ name }) => name));
    return this.large;
  }

  forget(): void {
    this.statements.length = 0;
    this.scans.length = 0;
  }

  override async query<Row extends QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    await this.explain({ query: (sql, bound) => super.query(sql, bound) }, text, values);
    return super.query<Row>(text, values);
  }

  override tx<T>(work: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return super.tx(
      (tx) =>
        work({
          query: async (text, values) => {
            await this.explain(tx, text, values ?? []);
            return tx.query(text, values);
          },
        }),
      options,
    );
  }

  /** The plan that a prepared statement keeps for whatever values come. */
  async explainForAll(text: string): Promise<void> {
    const [row] = (await this.pool.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`)).rows as [
      Plan,
    ];
    this.look(text, row);
  }

  private async explain(sql: Sql, text: string, values: unknown[]): Promise<void> {
    if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text)) return;
    const [row] = await sql.query<Plan & QueryResultRow>(`EXPLAIN (FORMAT JSON) ${text}`, values);
    this.look(text, row!);
  }

  private look(text: string, row: Plan): void {
    this.statements.push(text);
    for (const node of nodesOf(row['QUERY PLAN'][0]!.Plan)) {
      const table = node['Relation Name'];
      if (node['Node Type'] === 'Seq Scan' && table && this.large.has(table))
        this.scans.push(
          `${table} (${node.Filter ?? 'all of it'}) in: ${text.trim().slice(0, 200)}`,
        );
    }
  }
}

interface Plan {
  'QUERY PLAN': { Plan: PlanNode }[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
