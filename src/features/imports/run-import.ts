import { Injectable, Logger } from '@nestjs/common';
import { Database, type Sql } from '../../platform/database/database';
import { writingBehind } from '../../platform/database/write-behind';
import { Refusal } from '../../platform/errors';
import { EndImport } from './end-import';
import type { ImportRecord } from './import-record';
import { ImportRows } from './import-rows';
import * as queries from './imports.queries';
import type { ImportRow } from './read-row';
import { SettleRows } from './settle-rows';
import { addCounts } from './try-import';
import { UndoImport } from './undo-import';

/** Well above what a slice takes; a worker that was killed holds an import back no longer than this. */
export const LEASE_SECONDS = 30;
const DEADLOCK = new Set(['40P01', '40001']);
const TRIES = 5;

type Step = 'settled' | 'stopped';

/**
 * Does an import, or its undoing, a slice per transaction: rows, registry and position commit together, so
 * a worker killed at any moment is followed by one that goes on at the next row and does none twice.
 */
@Injectable()
export class RunImport {
  private readonly log = new Logger('imports');

  constructor(
    private readonly db: Database,
    private readonly rows: ImportRows,
    private readonly settle: SettleRows,
    private readonly undo: UndoImport,
    private readonly end: EndImport,
  ) {}

  async run(id: string): Promise<void> {
    const record = await queries.leaseImport(this.db, id, LEASE_SECONDS);
    if (!record) return;
    if (record.state === 'undoing') return this.undo.run(record);
    try {
      await this.import(record);
    } catch (cause) {
      if (!(cause instanceof Refusal) || cause.status >= 500) {
        // The database may be away: what is committed stands, and the sweeper rings again.
        await queries.releaseImport(this.db, id).catch(() => undefined);
        throw cause;
      }
      await this.end.failed(record, cause.code);
      this.log.warn(`import ${id} failed: ${cause.code}`);
    }
  }

  private async import(record: ImportRecord): Promise<void> {
    let { position } = record;
    for await (const slice of readAhead(this.rows.read(record, position))) {
      if ((await this.takeSlice(record, slice, position)) === 'stopped') return;
      position += slice.length;
      if (hasGrown(position - slice.length, position)) {
        await queries.renewStatistics(this.db, position);
      }
    }
    await this.end.finished(record, position);
  }

  private async takeSlice(
    record: ImportRecord,
    slice: ImportRow[],
    position: number,
  ): Promise<Step> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.settleSlice(record, slice, position);
      } catch (cause) {
        // Two writers that met on the same people; the slice was rolled back whole.
        const retry = DEADLOCK.has(String((cause as { code?: unknown }).code)) && attempt < TRIES;
        if (!retry) throw cause;
      }
    }
  }

  private settleSlice(record: ImportRecord, slice: ImportRow[], position: number): Promise<Step> {
    const work = async (tx: Sql): Promise<Step> => {
      const now = await queries.lockImport(tx, record.id);
      // Paused, or another worker took over: the position decides whose rows these are.
      if (now?.state !== 'running' || now.position !== position) return 'stopped';
      const context = this.rows.contextOf(record);
      const settled = await this.settle.settle(tx, record.id, slice, context);
      await queries.insertRows(tx, record.id, settled);
      await queries.saveProgress(tx, record.id, {
        position: position + slice.length,
        counts: addCounts(now.counts, settled),
        leaseSeconds: LEASE_SECONDS,
      });
      return 'settled';
    };
    return this.db.tx((tx) => writingBehind(tx, work));
  }
}

/** Every time the rows settled have become four times as many. */
function hasGrown(from: number, to: number): boolean {
  const order = (rows: number) => Math.floor(Math.log(Math.max(rows, 1) / 500) / Math.log(4));
  return order(to) > Math.max(order(from), -1);
}

/** Reads the next slice while the database works on this one. */
async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = source.next();
      // A failure is told when its turn comes, not while the slice before it is being settled.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}
