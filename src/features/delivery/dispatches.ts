import { Injectable } from '@nestjs/common';
import { type AskedAudience, audienceCondition } from '../../domain/audience';
import type { Channel } from '../../domain/address';
import type { Condition } from '../../domain/condition';
import type { GateReason } from '../../domain/gate';
import { Env } from '../../platform/config/env';
import { Database, EVERYBODY_MB, type Sql } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import { newId } from '../../platform/ids';
import { JobQueue } from '../../platform/queues/job-queue';
import { capValues } from '../registry/marketing-cap';
import { countByReason, materialiseSlice, someWhoGetIt } from './materialise.queries';
import { END_WAITING } from './permit.queries';

/** Contacts read per materialising statement: long enough to be fast, short enough to resume and to show progress. */
const SLICE = 20_000;

export interface Sender {
  from: { email: string; name: string };
  replyTo: { email: string; name: string };
  listId: string;
}

export interface NewDispatch {
  campaignId: string;
  channel: Channel;
  topicId: string;
  contentVersionId: string;
  sender: Sender;
  policyVersion: string;
  windowEnd: Date | null;
  batchSize: number;
  /** How many courses each message recommends; none when left out. */
  offers?: number;
}

export type DispatchState = 'running' | 'paused' | 'cancelled' | 'expired' | 'finished';

export interface Dispatch extends NewDispatch {
  id: string;
  offers: number;
  state: DispatchState;
  audience: number;
  cursor: string | null;
  materialisedAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = `id, campaign_id AS "campaignId", channel, state, topic_id AS "topicId",
  content_version_id AS "contentVersionId", sender, policy_version AS "policyVersion",
  window_end AS "windowEnd", batch_size AS "batchSize", offers, cursor, audience,
  materialised_at AS "materialisedAt", created_at AS "createdAt", finished_at AS "finishedAt"`;

/** Runs of campaigns: made once, filled with the audience, paused, resumed, cancelled. */
@Injectable()
export class Dispatches {
  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
    private readonly env: Env,
  ) {}

  /** One run per campaign, whoever asks and however often. */
  async create(tx: Sql, dispatch: NewDispatch): Promise<string> {
    const id = newId();
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender,
         policy_version, window_end, batch_size, offers, created_at)
       VALUES ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
       ON CONFLICT (campaign_id) DO UPDATE SET campaign_id = EXCLUDED.campaign_id
       RETURNING id`,
      [
        id,
        dispatch.campaignId,
        dispatch.channel,
        dispatch.topicId,
        dispatch.contentVersionId,
        JSON.stringify(dispatch.sender),
        dispatch.policyVersion,
        dispatch.windowEnd,
        dispatch.batchSize,
        dispatch.offers ?? 0,
      ],
    );
    return row!.id;
  }

  async get(id: string): Promise<Dispatch> {
    const [row] = await this.db.query<Dispatch>(`SELECT ${COLUMNS} FROM dispatch WHERE id = $1`, [
      id,
    ]);
    if (!row) throw new NotFound('dispatch_not_found');
    return row;
  }

  async findByCampaign(campaignId: string): Promise<Dispatch | undefined> {
    const [row] = await this.db.query<Dispatch>(
      `SELECT ${COLUMNS} FROM dispatch WHERE campaign_id = $1`,
      [campaignId],
    );
    return row;
  }

  /** People by the gate's reason as of now; the key '' is those who would get it. */
  async arithmetic(
    topicId: string,
    channel: Channel,
    audience: AskedAudience,
    sql?: Sql,
  ): Promise<Arithmetic> {
    return this.arithmeticOf(topicId, channel, audienceCondition(audience, channel, topicId), sql);
  }

  /** The same of whoever is named by a condition on reach. In a transaction of its own, unless one is given. */
  async arithmeticOf(
    topicId: string,
    channel: Channel,
    who: Condition,
    sql?: Sql,
  ): Promise<Arithmetic> {
    if (!sql) {
      return this.db.tx((tx) => this.arithmeticOf(topicId, channel, who, tx), {
        workMemMb: EVERYBODY_MB,
      });
    }
    const cap = this.env.MARKETING_CAP > 0 ? capValues(this.env) : [];
    const rows = await sql.query<{ reason: GateReason | null; count: number }>(
      countByReason(channel, who, cap.length > 0),
      [topicId, ...cap, ...who.values],
    );
    const withheld = rows.filter(({ reason }) => reason !== null) as Arithmetic['withheld'];
    const audienceSize = rows.reduce((sum, { count }) => sum + count, 0);
    const gets = rows.find(({ reason }) => reason === null)?.count ?? 0;
    return { audience: audienceSize, gets, withheld: withheld.sort((a, b) => b.count - a.count) };
  }

  /** Contacts among those who would get it now. */
  async someWhoGetIt(
    topicId: string,
    channel: Channel,
    audience: AskedAudience,
    most: number,
    sql: Sql = this.db,
  ): Promise<string[]> {
    const who = audienceCondition(audience, channel, topicId);
    const rows = await sql.query<{ id: string }>(someWhoGetIt(channel, who), [
      topicId,
      most,
      ...capValues(this.env),
      ...who.values,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Freezes the audience, slice by slice; a crash goes on where it stopped. Safe to call again. */
  async materialise(id: string, audience: AskedAudience): Promise<void> {
    for (;;) {
      const done = await this.db.tx(async (tx) => {
        const [dispatch] = await tx.query<Dispatch>(
          `SELECT ${COLUMNS} FROM dispatch WHERE id = $1 FOR UPDATE`,
          [id],
        );
        if (!dispatch || dispatch.materialisedAt || dispatch.state === 'cancelled') return true;
        const who = audienceCondition(audience, dispatch.channel, dispatch.topicId);
        const [slice] = await tx.query<{
          cursor: string | null;
          contacts: number;
          written: number;
          batches: string[];
        }>(materialiseSlice(dispatch.channel, who, dispatch.offers), [
          id,
          dispatch.cursor,
          SLICE,
          dispatch.batchSize,
          ...capValues(this.env),
          ...who.values,
        ]);
        const last = slice!.contacts < SLICE;
        await tx.query(
          `UPDATE dispatch SET cursor = COALESCE($2, cursor), audience = audience + $3,
             materialised_at = CASE WHEN $4 THEN clock_timestamp() END
           WHERE id = $1`,
          [id, slice!.cursor, slice!.written, last],
        );
        return last;
      });
      await this.learnSize(id);
      if (done) break;
    }
    await this.ring(id);
  }

  /**
   * Tells the planner of a partition that has just doubled: of an empty one it believes that reading all of it
   * is cheapest, and the next slice and every prepared plan would act on that until somebody counts.
   */
  private async learnSize(id: string): Promise<void> {
    const [grown] = await this.db.query<{ name: string }>(
      `SELECT partition.oid::regclass::text AS name
       FROM dispatch d, LATERAL (SELECT tableoid FROM message m WHERE m.dispatch_id = d.id LIMIT 1) m
       JOIN pg_class partition ON partition.oid = m.tableoid
       WHERE d.id = $1 AND d.audience > 2 * partition.reltuples`,
      [id],
    );
    if (grown) await this.db.query(`ANALYZE ${grown.name}`);
  }

  /** After this returns no permit of the dispatch commits: permits hold its row FOR SHARE. */
  async pause(id: string): Promise<void> {
    await this.move(id, 'paused', ['running']);
  }

  async resume(id: string): Promise<void> {
    await this.move(id, 'running', ['paused']);
    await this.ring(id);
  }

  /** What was not handed over never will be; what was is told by the counts. */
  async cancel(id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const moved = await tx.query(
        `UPDATE dispatch SET state = 'cancelled', finished_at = clock_timestamp()
         WHERE id = $1 AND state IN ('running', 'paused') RETURNING id`,
        [id],
      );
      if (moved.length === 0) throw new Conflict('dispatch_ended');
      await tx.query(END_WAITING, ['CANCELLED', null, [id]]);
    });
  }

  /** Rings for every batch that waits for a worker. */
  async ring(id: string): Promise<void> {
    const batches = await this.db.query<{ id: string }>(
      `SELECT id FROM batch WHERE dispatch_id = $1 AND state = 'PLANNED'
         AND (retry_at IS NULL OR retry_at <= clock_timestamp()) ORDER BY number`,
      [id],
    );
    await this.queue.enqueue(
      'delivery.hand-over',
      batches.map((batch) => batch.id),
    );
  }

  private async move(id: string, to: DispatchState, from: DispatchState[]): Promise<void> {
    const moved = await this.db.query(
      `UPDATE dispatch SET state = $2 WHERE id = $1 AND state = ANY($3) RETURNING id`,
      [id, to, from],
    );
    if (moved.length === 0) throw new Conflict(`dispatch_not_${from.join('_or_')}`);
  }
}

export interface Arithmetic {
  audience: number;
  gets: number;
  withheld: { reason: GateReason; count: number }[];
}
