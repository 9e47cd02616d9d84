import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import {
  allowTracking,
  endTracking,
  isTracked,
} from '../contacts/learning/tracking/tracking.queries';
import type { LedgerAct } from './ledger/ledger-act';
import { lockContacts } from './ledger/ledger.queries';
import { Registry } from './registry.service';

/** Who says it, where, and what they had read. */
export type TrackingAct = Pick<LedgerAct, 'door' | 'actor'> &
  Partial<
    Pick<
      LedgerAct,
      'address' | 'method' | 'wordingVersion' | 'evidence' | 'messageId' | 'campaignId' | 'detail'
    >
  >;

/**
 * Whether we may see which links a person follows: a consent of its own, apart from what they get (L-40). Each is in the
 * ledger, with the words that were read; what stands is a row of tracking_consent. Repeats write nothing.
 */
@Injectable()
export class TrackingConsents {
  constructor(private readonly registry: Registry) {}

  /** By nobody but the person. False where they have objected to marketing, or are restricted: nothing is recorded. */
  async give(tx: Sql, contactId: string, act: TrackingAct): Promise<boolean> {
    await lockContacts(tx, [contactId]);
    const given = await allowTracking(tx, contactId);
    if (given) await this.record(tx, 'track', contactId, act);
    return given || isTracked(tx, contactId);
  }

  /** What was known by it is gone when the transaction commits. */
  async end(tx: Sql, contactId: string, act: TrackingAct): Promise<void> {
    await lockContacts(tx, [contactId]);
    if (await endTracking(tx, contactId)) await this.record(tx, 'untrack', contactId, act);
  }

  private async record(
    tx: Sql,
    kind: 'track' | 'untrack',
    contactId: string,
    act: TrackingAct,
  ): Promise<void> {
    await this.registry.record(tx, [
      { address: null, ...act, kind, scope: 'all', channel: null, contactId },
    ]);
  }
}
