import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '../../platform/database/database';
import { RECIPIENT } from '../../platform/http/actor';
import { isTracked } from '../contacts/learning/tracking/tracking.queries';
import type { AddressRef, LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';
import { TrackingConsents } from '../registry/tracking-consents';
import { emailOfToken, survivorOf, type Signup } from './signups.queries';

/** What a confirmed sign-up agrees to, as it goes into the ledger. */
@Injectable()
export class SignupConsents {
  constructor(
    private readonly db: Database,
    private readonly registry: Registry,
    private readonly tracking: TrackingConsents,
  ) {}

  /** A newer, proven yes: for these topics it outweighs an earlier no (F-47). */
  async give(
    tx: Sql,
    signup: Signup,
    contactId: string,
    topicIds: readonly string[],
    address: AddressRef,
  ): Promise<void> {
    const proof = proofOf(signup);
    await this.registry.record(
      tx,
      topicIds.map((topicId) => ({
        kind: 'grant',
        scope: 'topic',
        channel: 'email',
        address,
        contactId,
        topicId,
        ground: 'CONSENT',
        ...proof,
      })),
    );
    if (signup.tracking) await this.tracking.give(tx, contactId, { ...proof, address });
  }

  /** Whoever had the link must still read the mailbox that was asked. Returns whose wish it was. */
  async trackOnly(tx: Sql, signup: Signup): Promise<string> {
    const asked = signup.contactId!;
    const contactId = (await survivorOf(tx, asked)) ?? asked;
    const here = await emailOfToken(tx, signup.addressKey, contactId);
    if (here) await this.tracking.give(tx, contactId, proofOf(signup));
    return contactId;
  }

  async isTracked({ contactId }: Signup): Promise<boolean> {
    return contactId !== null && isTracked(this.db, contactId);
  }
}

function proofOf(
  signup: Signup,
): Pick<LedgerAct, 'door' | 'detail' | 'method' | 'actor' | 'wordingVersion' | 'evidence'> {
  return {
    door: 'double_opt_in',
    detail: signup.formKey ?? 'preferences',
    method: 'double_opt_in_post',
    actor: RECIPIENT,
    wordingVersion: signup.wordingVersion,
    evidence: { signupId: signup.id, askedAt: signup.createdAt.toISOString() },
  };
}
