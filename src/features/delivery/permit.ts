import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { bytesArray, plainArray } from '../../platform/database/arrays';
import { Database, type Sql } from '../../platform/database/database';
import { capValues } from '../registry/marketing-cap';
import {
  AWAIT_BATCH,
  DECIDE,
  GIVE_BACK,
  LOCK_BATCH,
  LOCK_DISPATCH,
  LOCK_GATES,
} from './permit.queries';
import { untilWritten } from './until-written';

/** Seconds a permit may be used: the first byte leaves before this, or not at all. */
export const START_SECONDS = 2;
/** Seconds one request to the provider may take. */
export const CALL_SECONDS = 10;
/** Seconds after the permit when the outcome must be in the database; later it is UNKNOWN. */
export const SETTLE_SECONDS = START_SECONDS + CALL_SECONDS + 15;

export interface PermitRequest {
  dispatchId: string;
  batchId: string;
  token: string;
  /** `linkHash`: hex. */
  messages: { id: string; linkHash: string }[];
}

export interface Permitted {
  ids: Set<string>;
  /** The batch was handed over as one: what its messages have in common is written on it, not on each. */
  together: boolean;
  withheld: { id: string; reason: string }[];
}

interface Decision {
  together: boolean;
  /** Who may not go; without a reason: does not wait any more. */
  refused: { id: string; reason: string | null }[];
}

/**
 * The only door to a provider for marketing. When this returns, the named messages may each be handed
 * over once, by this caller, within START_SECONDS of the call; nobody else ever gets that permit.
 */
@Injectable()
export class Permit {
  constructor(
    private readonly db: Database,
    private readonly env: Env,
  ) {}

  async take(request: PermitRequest): Promise<Permitted> {
    const decision = await this.decideOrGiveBack(request);
    if (!decision) return { ids: new Set(), together: false, withheld: [] };
    const ids = new Set(request.messages.map(({ id }) => id));
    for (const { id } of decision.refused) ids.delete(id);
    return {
      ids,
      together: decision.together,
      withheld: decision.refused.flatMap(({ id, reason }) => (reason ? [{ id, reason }] : [])),
    };
  }

  /** A COMMIT whose answer was lost may have happened: its permits are given back unused, not guessed at. */
  private async decideOrGiveBack(request: PermitRequest): Promise<Decision | undefined> {
    try {
      // A worker frozen in here holds opt-outs back no longer than its permit would have lived.
      return await this.db.tx((tx) => this.decide(tx, request), { idleSeconds: START_SECONDS });
    } catch (error) {
      await untilWritten(() => this.giveBack(request));
      throw error;
    }
  }

  private async decide(tx: Sql, request: PermitRequest): Promise<Decision | undefined> {
    const [dispatch] = await tx.query<{ state: string }>(LOCK_DISPATCH, [request.dispatchId]);
    if (dispatch?.state !== 'running') return undefined;
    const mine = await tx.query(LOCK_BATCH, [request.batchId, request.token]);
    if (mine.length === 0) return undefined;
    await tx.query(LOCK_GATES, [request.batchId]);
    const [decision] = await tx.query<Decision & Record<string, unknown>>(DECIDE, [
      request.batchId,
      request.token,
      SETTLE_SECONDS,
      plainArray(request.messages.map(({ id }) => id)),
      bytesArray(request.messages.map(({ linkHash }) => linkHash)),
      ...capValues(this.env),
    ]);
    return decision;
  }

  private giveBack({ batchId, token }: PermitRequest): Promise<void> {
    return this.db.tx(async (tx) => {
      await tx.query(AWAIT_BATCH, [batchId]);
      await tx.query(GIVE_BACK, [batchId, token]);
    });
  }
}
