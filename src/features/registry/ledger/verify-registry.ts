import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '../../../platform/database/database';
import { ChainCheck, type ChainFault, type ChainHead, type ChainLink } from './chain';
import { countUnsealed, sealedAfter } from './chain.queries';
import { EXPORT_FORMAT, type ExportEnd, type ExportHeader } from './export-registry';
import { entriesAbout, gatesAfter, holdersOf, type GateRow } from './ledger.queries';
import { Standing } from './standing';

export interface VerifyReport {
  ok: boolean;
  checked: number;
  head: ChainHead;
  faults: (
    ChainFault | { code: 'not_an_export' | 'not_json' | 'gate_differs'; position: number | null }
  )[];
  /** Entries that wait for the sealer; a database only. */
  unsealed?: number;
  gates?: number;
}

const PAGE = 2_000;

/** Finds entries deleted, altered, reordered, inserted or cut off; and gate rows that are not what the ledger says. */
@Injectable()
export class VerifyRegistry {
  constructor(private readonly db: Database) {}

  /** Give `expected`, a head kept outside the database: only it shows a cut-off end or a whole rewritten chain. */
  async database(expected?: ChainHead): Promise<VerifyReport> {
    const check = new ChainCheck(expected);
    for (;;) {
      const links = await sealedAfter(this.db, check.head.position, PAGE);
      for (const link of links) check.add(link);
      if (links.length < PAGE) break;
    }
    check.end();
    const unsealed = await countUnsealed(this.db);
    const { gates, differing } = await this.checkGates();
    const faults = [
      ...check.faults,
      ...Array.from({ length: differing }, () => ({
        code: 'gate_differs' as const,
        position: null,
      })),
    ];
    return { ...summary(check, faults), unsealed, gates };
  }

  /** An export, line by line. */
  async lines(
    lines: AsyncIterable<string> | Iterable<string>,
    expected?: ChainHead,
  ): Promise<VerifyReport> {
    const check = new ChainCheck(expected);
    const faults: VerifyReport['faults'] = [];
    let end: ChainHead | null = null;
    let first = true;
    for await (const line of lines) {
      const value = parse(line);
      if (first && (value as ExportHeader | null)?.format !== EXPORT_FORMAT) {
        faults.push({ code: 'not_an_export', position: null });
      } else if (!first && value === null) {
        faults.push({ code: 'not_json', position: check.head.position + 1 });
      } else if (!first && 'end' in value!) end = (value as unknown as ExportEnd).end;
      else if (!first) check.add(value as unknown as ChainLink);
      first = false;
    }
    check.end();
    if (!end || end.position !== check.head.position || end.hash !== check.head.hash) {
      faults.push({ code: 'truncated', position: end?.position ?? check.head.position });
    }
    return summary(check, [...check.faults, ...faults]);
  }

  /** Folds every address's entries anew and compares with its gate row. */
  private async checkGates(): Promise<{ gates: number; differing: number }> {
    let gates = 0;
    let differing = 0;
    for (let after = ''; ;) {
      const { rows, differing: found } = await this.db.tx((tx) => comparePage(tx, after));
      gates += rows.length;
      differing += found.length;
      after = rows.at(-1)?.key ?? '';
      if (rows.length < PAGE) return { gates, differing };
    }
  }
}

/** One snapshot for rows and entries, or an opt-out in between would look like a fault. */
async function comparePage(
  tx: Sql,
  after: string,
): Promise<{ rows: GateRow[]; differing: GateRow[] }> {
  await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const rows = await gatesAfter(tx, after, PAGE);
  const keys = rows.map(({ key }) => key);
  const holders = await holdersOf(tx, keys);
  const people = new Set([...holders, ...rows].flatMap(({ contactId }) => contactId ?? []));
  const standing = new Standing(rows, holders, await entriesAbout(tx, keys, [...people]));
  return { rows, differing: standing.differing() };
}

function summary(check: ChainCheck, faults: VerifyReport['faults']): VerifyReport {
  return { ok: faults.length === 0, checked: check.checked, head: check.head, faults };
}

function parse(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
