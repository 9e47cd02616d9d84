import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { type Counts, type ImportRecord, NO_COUNTS } from './import-record';
import { ImportRows } from './import-rows';
import type { DryRunResult, TriedRow } from './imports.dto';
import { insertRows, lockImport, restartImport } from './imports.queries';
import type { ImportRow } from './read-row';
import { type SettledRow, SettleRows } from './settle-rows';

const SHOWN = 20;

/** Says what an import would do, and keeps its faults to be fetched; changes nothing else. */
@Injectable()
export class TryImport {
  constructor(
    private readonly db: Database,
    private readonly rows: ImportRows,
    private readonly settle: SettleRows,
    private readonly audit: Audit,
  ) {}

  async run(record: ImportRecord, reader: Actor): Promise<DryRunResult> {
    const context = this.rows.contextOf(record);
    let counts = NO_COUNTS;
    const shown: TriedRow[] = [];
    await this.db.tx(async (tx) => {
      await requireUnstarted(tx, record.id);
      await restartImport(tx, record.id, 'uploaded');
    });
    for await (const rows of this.rows.read(record)) {
      const settled = await this.settle.preview(this.db, record.id, rows, context);
      counts = addCounts(counts, settled);
      settled
        .slice(0, SHOWN - shown.length)
        .forEach((one, i) => shown.push(toTried(rows[i]!, one)));
      const faulty = settled.filter(({ verdict }) => verdict === 'faulty');
      await this.db.tx(async (tx) => {
        await requireUnstarted(tx, record.id);
        if (faulty.length > 0) await insertRows(tx, record.id, faulty);
      });
    }
    const subject = { type: 'import', id: record.id };
    await this.audit.record(this.db, reader, 'import.tried', subject, counts);
    return { counts, rows: shown };
  }
}

/** Once it is started the rows are the run's own, and what undoing needs. */
async function requireUnstarted(tx: Sql, id: string): Promise<void> {
  if ((await lockImport(tx, id))?.state !== 'uploaded')
    throw new Conflict('import_already_started');
}

export function addCounts(counts: Counts, settled: SettledRow[]): Counts {
  const sum = { ...NO_COUNTS, ...counts };
  for (const { verdict } of settled) {
    sum.rows++;
    if (verdict === 'suppressed') sum.optedOut++;
    else sum[verdict]++;
  }
  return sum;
}

function toTried(row: ImportRow, { line, verdict, faults }: SettledRow): TriedRow {
  const { addresses, values } = row.read;
  const name = [values.first_name, values.last_name].filter(Boolean).join(' ');
  const email = addresses.find(({ channel }) => channel === 'email')?.value ?? null;
  return { line, verdict, email, name: name || null, faults };
}
