import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Database, type Sql } from '../../platform/database/database';
import { LinkTokens } from '../registry/link-tokens';
import { DECIDE, GIVE_BACK, LOCK_BATCH, LOCK_DISPATCH, LOCK_GATES } from './permit.queries';
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
  campaignId: string;
  topicId: string;
  channel: Channel;
  token: string;
  messages: { id: string; addressKey: Buffer; linkHash: Buffer }[];
}

export interface Permitted {
  ids: Set<string>;
  withheld: { id: string; reason: string }[];
}

interface Decision {
  id: string;
  reason: string | null;
  addressKey: Buffer;
  contactId: string | null;
}

/**
 * The only door to a provider for marketing. When this returns, the named messages may each be handed
 * over once, by this caller, within START_SECONDS of the call; nobody else ever gets that permit.
 */
@Injectable()
export class Permit {
  constructor(
    private readonly db: Database,
    private readonly links: LinkTokens,
  ) {}

  async take(request: PermitRequest): Promise<Permitted> {
    const decisions = await this.decideOrGiveBack(request);
    return {
      ids: new Set(decisions.filter(({ reason }) => reason === null).map(({ id }) => id)),
      withheld: decisions.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }])),
    };
  }

  /** A COMMIT whose answer was lost may have happened: its permits are given back unused, not guessed at. */
  private async decideOrGiveBack(request: PermitRequest): Promise<Decision[]> {
    try {
      // A worker frozen in here holds opt-outs back no longer than its permit would have lived.
      return await this.db.tx((tx) => this.decide(tx, request), { idleSeconds: START_SECONDS });
    } catch (error) {
      await untilWritten(() => this.db.query(GIVE_BACK, [request.batchId, request.token]));
      throw error;
    }
  }

  private async decide(tx: Sql, request: PermitRequest): Promise<Decision[]> {
    const [dispatch] = await tx.query<{ state: string }>(LOCK_DISPATCH, [request.dispatchId]);
    if (dispatch?.state !== 'running') return [];
    const mine = await tx.query(LOCK_BATCH, [request.batchId, request.token]);
    if (mine.length === 0) return [];
    await tx.query(LOCK_GATES, [request.messages.map(({ addressKey }) => addressKey)]);
    const decisions = await tx.query<Decision>(DECIDE, [
      request.messages.map(({ id }) => id),
      request.token,
      SETTLE_SECONDS,
    ]);
    await this.storeLinks(tx, request, decisions);
    return decisions;
  }

  private async storeLinks(tx: Sql, request: PermitRequest, decisions: Decision[]): Promise<void> {
    const hashes = new Map(request.messages.map(({ id, linkHash }) => [id, linkHash]));
    const permitted = decisions.filter(({ reason }) => reason === null);
    await this.links.store(
      tx,
      permitted.map(({ id, addressKey, contactId }) => ({
        hash: hashes.get(id)!,
        class: 'message' as const,
        channel: request.channel,
        addressKey,
        contactId,
        messageId: id,
        campaignId: request.campaignId,
        topicId: request.topicId,
      })),
    );
  }
}
