import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { POLICY_VERSION } from '../../domain/policy';
import { Database, type Sql } from '../../platform/database/database';
import { TooMany } from '../../platform/errors';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { JobQueue } from '../../platform/queues/job-queue';
import { AddressKeys } from '../contacts/address-keys';
import { Wordings } from '../registry/wordings';
import { isCrowded } from './signup-limits';
import { countLastHour, insertSignup } from './signups.queries';

export interface SignupRequest {
  /** Null: chosen at the preference page. */
  formId: string | null;
  /** As normaliseEmail gives it. */
  email: { value: string; canonical: string };
  topicIds: readonly string[];
  /** They wish to be seen following links, too. */
  tracking: boolean;
  language: Language;
  /** Whom a link of ours belonged to; null from a form, where anyone can write anything. */
  contactId: string | null;
  /** Every word the person saw. */
  wording: { kind: string; text: string };
}

/**
 * Takes a sign-up in and does nothing else with it: what depends on whose address it is comes later, in a
 * job. So the answer cannot tell a known address from an unknown or a suppressed one, not even by its time (F-63).
 */
@Injectable()
export class RequestSignup {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
    private readonly keys: AddressKeys,
    private readonly wordings: Wordings,
  ) {}

  /** Throws TooMany when the form is being flooded. */
  async run(request: SignupRequest): Promise<void> {
    const domain = request.email.canonical.split('@')[1]!;
    if (isCrowded(await countLastHour(this.db, domain), domain)) {
      throw new TooMany('too_many_signups', { retryAfterSeconds: 3600 });
    }
    const id = newId();
    await this.db.tx((tx) => this.store(tx, id, request));
    await this.jobs.enqueue('signups.settle', [id]);
  }
  private async store(tx: Sql, id: string, request: SignupRequest): Promise<void> {
    const { wording, language, email } = request;
    await insertSignup(tx, {
      id,
      formId: request.formId,
      email: email.value,
      // The address may have an older key; finding that out is for the job, since only known addresses have one.
      addressKey: this.keys.keysOf('email', email.canonical)[0]!.key,
      contactId: request.contactId,
      topicIds: request.topicIds,
      tracking: request.tracking,
      language,
      tokenHash: randomBytes(32),
      wordingVersion: await this.wordings.version(tx, wording.kind, language, wording.text),
      policyVersion: POLICY_VERSION,
    });
  }
}
