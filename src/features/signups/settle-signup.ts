import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../../domain/address';
import { Database, type Sql } from '../../platform/database/database';
import { RECIPIENT } from '../../platform/http/actor';
import { AddressKeys, type VersionedKey } from '../contacts/address-keys';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';
import { mayAskToConfirm } from './signup-limits';
import { confirmingMail, SignupMails } from './signup-mails';
import { newToken } from '../../platform/tokens';
import {
  deleteSignup,
  lockAddress,
  lockReceived,
  markPending,
  readHistory,
  readStanding,
  type Signup,
} from './signups.queries';

/** Turns a received sign-up into a pending one with its confirmation mail, or into nothing when the address has had enough. */
@Injectable()
export class SettleSignup {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly registry: Registry,
    private readonly mails: SignupMails,
  ) {}

  /** May be called any number of times for the same id. */
  async run(id: string): Promise<void> {
    const mailId = await this.db.tx(async (tx) => {
      const signup = await lockReceived(tx, id);
      return signup && this.settle(tx, signup);
    });
    await this.mails.ring(mailId);
  }

  private async settle(tx: Sql, signup: Signup): Promise<string | null> {
    const address = normaliseEmail(signup.email ?? '');
    if (!address.ok) throw new Error(`signup ${signup.id} holds no address`);
    const keys = await this.keys.resolve(tx, 'email', [address.canonical]);
    const key = keys.get(address.canonical)!;
    const template = confirmingMail(signup);
    await lockAddress(tx, key.key);
    if (!mayAskToConfirm(await readHistory(tx, key.key, template))) {
      await deleteSignup(tx, signup.id);
      return null;
    }
    const standing = await readStanding(tx, key.key, signup.topicIds);
    const to = { email: address.value, addressKey: key.key, contactId: standing.contactId };
    const getsAll = signup.topicIds.every((id) => standing.topicIds.includes(id));
    if (getsAll && !standing.hindered && !signup.tracking) {
      await deleteSignup(tx, signup.id);
      return this.mails.queueAlreadySubscribed(tx, signup, to);
    }
    const { token, hash } = newToken(128);
    await markPending(tx, signup.id, { addressKey: key.key, tokenHash: hash });
    await this.registry.record(tx, pendingActs(signup, key));
    return this.mails.queueConfirm(tx, signup, to, { template, token });
  }
}

/** Evidence of the asking only: about the address, not about whoever we know at it, since anyone can write anything. */
function pendingActs(signup: Signup, { key, version }: VersionedKey): LedgerAct[] {
  return signup.topicIds.map((topicId) => ({
    kind: 'grant_pending',
    scope: 'topic',
    channel: 'email',
    address: { channel: 'email', key, version },
    contactId: null,
    topicId,
    ground: 'CONSENT',
    door: signup.formId ? 'signup_form' : 'preference_page',
    detail: signup.formKey ?? undefined,
    method: 'form',
    actor: RECIPIENT,
    wordingVersion: signup.wordingVersion,
    evidence: { signupId: signup.id },
  }));
}
