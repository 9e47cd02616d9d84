import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Database, prepare, type Sql } from '../../platform/database/database';
import type { ChannelReport } from './channels.dto';

/** Failures in a row that open the breaker. */
const OPEN_AFTER = 10;
const PROBE_SECONDS = 30;
/** The one hold that ends by itself; any other takes its place. */
export const DISK_FULL = 'disk_full';

export type Turn = { kind: 'go' } | { kind: 'probe' } | { kind: 'wait'; seconds: number };

/** $1 batch */
const CHANNEL_OF_BATCH = prepare(
  'channel_of_batch',
  `SELECT d.channel FROM batch b JOIN dispatch d ON d.id = b.dispatch_id WHERE b.id = $1`,
);

/** The rate that all workers share, and the breaker of a provider that does not answer. */
@Injectable()
export class ChannelState {
  constructor(private readonly db: Database) {}

  /** Which way out a batch goes; undefined when there is no such batch. */
  async of(batchId: string): Promise<Channel | undefined> {
    const [found] = await this.db.query<{ channel: Channel }>(CHANNEL_OF_BATCH, [batchId]);
    return found?.channel;
  }

  /** Whether a hand-over may be tried now; `probe` = one message, to see whether the provider is back. */
  async turn(channel: Channel): Promise<Turn> {
    const [row] = await this.db.query<{ open: boolean; probe: boolean; held: boolean }>(
      `WITH probe AS (
         UPDATE channel_state SET probe_at = clock_timestamp() + make_interval(secs => $2)
         WHERE channel = $1 AND breaker = 'open' AND probe_at <= clock_timestamp() RETURNING 1)
       SELECT held_because IS NOT NULL AS held, breaker = 'open' AS open, EXISTS (SELECT 1 FROM probe) AS probe
       FROM channel_state WHERE channel = $1`,
      [channel, PROBE_SECONDS],
    );
    if (!row) await this.begin(channel);
    if (row?.held) return { kind: 'wait', seconds: PROBE_SECONDS };
    if (!row?.open) return { kind: 'go' };
    return row.probe ? { kind: 'probe' } : { kind: 'wait', seconds: PROBE_SECONDS / 3 };
  }

  /** The row that rate and breaker are kept in, before anything of them can change. */
  private async begin(channel: Channel): Promise<void> {
    await this.db.query(
      `INSERT INTO channel_state (channel, refilled_at) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING`,
      [channel],
    );
  }

  /** Takes `count` from the shared rate; 0 = go now, else seconds to wait and ask again. */
  async reserve(channel: string, count: number, perSecond: number): Promise<number> {
    if (perSecond === 0) return 0;
    const [taken] = await this.db.query(
      // A bucket of one second; it may go into debt by one batch, which the next ones wait out.
      `UPDATE channel_state SET refilled_at = clock_timestamp(), tokens =
         LEAST($3::float8, tokens + $3 * extract(epoch FROM clock_timestamp() - refilled_at)) - $2
       WHERE channel = $1
         AND LEAST($3::float8, tokens + $3 * extract(epoch FROM clock_timestamp() - refilled_at)) > 0
       RETURNING 1`,
      [channel, count, perSecond],
    );
    if (taken) return 0;
    const [debt] = await this.db.query<{ seconds: number }>(
      `SELECT GREATEST(0.05, -(tokens + $2 * extract(epoch FROM clock_timestamp() - refilled_at)) / $2)::float8 AS seconds
       FROM channel_state WHERE channel = $1`,
      [channel, perSecond],
    );
    return debt?.seconds ?? 1;
  }

  /**
   * Stops all sending on a channel until a person releases it. The first reason is kept, but for a full disk, which
   * must not let go what a person has to look at. True when this is the reason now.
   */
  async hold(channel: string, because: string, sql: Sql = this.db): Promise<boolean> {
    const rows = await sql.query(
      `INSERT INTO channel_state (channel, refilled_at, held_because, held_at)
       VALUES ($1, clock_timestamp(), $2, clock_timestamp())
       ON CONFLICT (channel) DO UPDATE SET held_because = $2, held_at = clock_timestamp()
       WHERE channel_state.held_because IS NULL OR (channel_state.held_because = $3 AND $2 <> $3) RETURNING 1`,
      [channel, because, DISK_FULL],
    );
    return rows.length === 1;
  }

  /** Lets go every channel that is held for this reason; how many. */
  async releaseHeldBy(because: string): Promise<number> {
    const rows = await this.db.query(
      `UPDATE channel_state SET held_because = NULL, held_at = NULL WHERE held_because = $1 RETURNING 1`,
      [because],
    );
    return rows.length;
  }

  async release(tx: Sql, channel: string): Promise<void> {
    await tx.query(
      `UPDATE channel_state SET held_because = NULL, held_at = NULL, failures = 0, breaker = 'closed',
         opened_at = NULL, opened_because = NULL, probe_at = NULL WHERE channel = $1`,
      [channel],
    );
  }

  async list(sql: Sql = this.db): Promise<ChannelReport[]> {
    return sql.query<ChannelReport & Record<string, unknown>>(
      `SELECT channel, breaker, failures, opened_because AS "openedBecause", opened_at AS "openedAt",
         held_because AS "heldBecause", held_at AS "heldAt" FROM channel_state ORDER BY channel`,
    );
  }

  async succeeded(channel: string): Promise<void> {
    await this.db.query(
      `UPDATE channel_state SET failures = 0, breaker = 'closed', opened_at = NULL, opened_because = NULL, probe_at = NULL
       WHERE channel = $1 AND (failures > 0 OR breaker = 'open')`,
      [channel],
    );
  }

  /** `fatal` (wrong key, account closed) opens at once; other failures after ten in a row. */
  async failed(channel: string, because: string, fatal: boolean): Promise<void> {
    await this.db.query(
      `UPDATE channel_state SET failures = failures + 1,
         opened_at = CASE WHEN $3 OR failures + 1 >= $4 THEN COALESCE(opened_at, clock_timestamp()) END,
         opened_because = CASE WHEN $3 OR failures + 1 >= $4 THEN $2 END,
         probe_at = CASE WHEN $3 OR failures + 1 >= $4
           THEN COALESCE(probe_at, clock_timestamp() + make_interval(secs => $5)) END,
         breaker = CASE WHEN $3 OR failures + 1 >= $4 THEN 'open' ELSE 'closed' END
       WHERE channel = $1`,
      [channel, because, fatal, OPEN_AFTER, PROBE_SECONDS],
    );
  }
}
