import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { RECIPIENT } from '../../platform/http/actor';
import { Contacts } from '../contacts/contacts.service';
import type { AddressRef } from '../registry/ledger/ledger-act';
import { SignupConsents } from './signup-consents';
import { SignupMails } from './signup-mails';
import { hashToken } from '../../platform/tokens';
import {
  findByToken,
  liveTopicIds,
  markConfirmed,
  readStanding,
  topicNames,
  type Signup,
} from './signups.queries';

export type LinkState = 'pending' | 'confirmed' | 'expired';

export interface Confirmation {
  signup: Signup;
  state: LinkState;
  /** Names of the chosen topics; once confirmed, of those that this address will really get (F-49). */
  topics: string[];
  /** There is a consent, but the address is paused, restricted or unreachable. */
  hindered: boolean;
  /** Whether we see which links they follow; null: not what was asked. */
  tracked: boolean | null;
}

/** The press of the button behind a confirmation link: proof from the mailbox itself that its owner wants this. */
@Injectable()
export class ConfirmSignup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contacts: Contacts,
    private readonly mails: SignupMails,
    private readonly consents: SignupConsents,
  ) {}

  /** What the link leads to, or null; changes nothing, since scanners open links (P-13, L-17). */
  async look(token: string): Promise<Confirmation | null> {
    const signup = await findByToken(this.db, hashToken(token));
    return signup && this.describe(signup);
  }

  /** Once this returns `confirmed` the consent is committed. Repeats change nothing; null for an unknown token. */
  async run(token: string): Promise<Confirmation | null> {
    const mailId = await this.db.tx(async (tx) => {
      const signup = await findByToken(tx, hashToken(token), true);
      return signup && linkState(signup) === 'pending' ? this.confirm(tx, signup) : null;
    });
    await this.mails.ring(mailId);
    return this.look(token);
  }

  private async describe(signup: Signup): Promise<Confirmation> {
    const state = linkState(signup);
    const standing = await readStanding(this.db, signup.addressKey, signup.topicIds);
    const topicIds = state === 'confirmed' ? standing.topicIds : signup.topicIds;
    const topics = await topicNames(this.db, topicIds, signup.language);
    const tracked = signup.tracking ? await this.consents.isTracked(signup) : null;
    return { signup, state, topics, hindered: standing.hindered, tracked };
  }

  private async confirm(tx: Sql, signup: Signup): Promise<string | null> {
    if (signup.topicIds.length === 0) {
      const contactId = await this.consents.trackOnly(tx, signup);
      await markConfirmed(tx, signup.id, contactId);
      return null;
    }
    const { contactId, address } = await this.saveContact(tx, signup);
    const topicIds = await liveTopicIds(tx, signup.topicIds);
    await this.consents.give(tx, signup, contactId, topicIds, address);
    await markConfirmed(tx, signup.id, contactId);
    const to = { email: signup.email!, addressKey: address.key, contactId };
    return this.mails.queueWelcome(tx, { ...signup, topicIds }, to);
  }

  /** Policy, "Insamling" 1 c: of a subscriber we hold the email address and nothing else. */
  private async saveContact(
    tx: Sql,
    signup: Signup,
  ): Promise<{ contactId: string; address: AddressRef }> {
    const [saved] = await this.contacts.upsert(
      tx,
      [{ kind: 'newsletter_subscriber', email: signup.email, language: signup.language }],
      {
        source: 'newsletter_form',
        sourceRef: signup.formKey ?? 'preferences',
        actor: RECIPIENT,
        now: this.clock.now(),
        notice: { version: signup.policyVersion, at: signup.createdAt },
      },
    );
    const address = saved?.addresses.find(({ channel }) => channel === 'email');
    if (!saved?.contactId || !address) {
      const codes = saved?.faults.map(({ code }) => code).join(', ');
      throw new Error(`signup ${signup.id} could not become a contact: ${codes}`);
    }
    const { key, keyVersion } = address;
    return { contactId: saved.contactId, address: { channel: 'email', key, version: keyVersion } };
  }
}

function linkState(signup: Signup): LinkState {
  if (signup.state === 'CONFIRMED') return 'confirmed';
  return signup.state === 'EXPIRED' || signup.expired ? 'expired' : 'pending';
}
