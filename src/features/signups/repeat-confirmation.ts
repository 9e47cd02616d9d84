import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid, newId } from '../../platform/ids';
import { JobQueue } from '../../platform/queues/job-queue';
import { confirmingMail } from './signup-mails';
import { mayAskToConfirm } from './signup-limits';
import { copySignup, lockAddress, pendingOf, readHistory } from './signups.queries';

/**
 * The confirmation mail of a sign-up that waits, once more. It is the same sign-up stored anew, so that the first
 * mail's link goes on working and all the limits of a sign-up hold (L-17).
 */
@Injectable()
export class RepeatConfirmation {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
    private readonly audit: Audit,
  ) {}

  /** Throws NotFound `no_pending_signup`, Conflict `confirmation_sent_lately`. */
  async run(contactId: string, actor: Actor): Promise<void> {
    const id = newId();
    await this.db.tx(async (tx) => {
      const waiting = isUuid(contactId) ? await pendingOf(tx, contactId) : null;
      if (!waiting) throw new NotFound('no_pending_signup');
      await lockAddress(tx, waiting.addressKey);
      const template = confirmingMail(waiting);
      const history = await readHistory(tx, waiting.addressKey, template);
      if (!mayAskToConfirm(history)) throw new Conflict('confirmation_sent_lately');
      await copySignup(tx, waiting.id, { id, tokenHash: randomBytes(32) });
      const subject = { type: 'signup', id: waiting.id };
      await this.audit.record(tx, actor, 'signup.confirmation_repeated', subject);
    });
    await this.jobs.enqueue('signups.settle', [id]);
  }
}
