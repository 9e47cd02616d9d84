import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Database } from '../../platform/database/database';
import type { HandOver, Timing, Verdict } from '../channels/hand-over';
import { ByMail } from './by-mail';
import { BySms } from './by-sms';
import {
  claimServiceMessage,
  lockAddressState,
  permitServiceMessage,
  postponeServiceMessage,
  settleServiceMessage,
  type AddressState,
} from './service-mail.queries';
import { BEGINS_ANEW, type ServiceTemplate } from './service-templates';

/** Long enough for a permit and a call; a claim older than this belongs to a process that died. */
const LEASE_SECONDS = 60;
/** How long after the permit the first byte may be written, and after that the answer be awaited. */
const PERMIT_LIFE_MS = 2_000;
const CALL_BUDGET_MS = 10_000;
const RETRY_SECONDS = [15, 60, 300, 900, 3600] as const;

/** Sends one service message, at most once: claim, look at the address, permit, hand over, record. */
@Injectable()
export class SendServiceMail {
  private readonly log = new Logger('service-mail');

  constructor(
    private readonly db: Database,
    private readonly byMail: ByMail,
    private readonly bySms: BySms,
  ) {}

  /** May be called any number of times for the same id, also at the same time. */
  async run(id: string): Promise<void> {
    const token = randomUUID();
    const mail = await claimServiceMessage(this.db, id, token, LEASE_SECONDS);
    if (!mail) return;
    if (mail.secondsLeft < 1) {
      await settleServiceMessage(this.db, id, token, {
        state: 'WITHHELD',
        reason: 'outside_window',
      });
      return;
    }
    const way = mail.channel === 'sms' ? this.bySms : this.byMail;
    const handOver = await way.prepare(id, mail);
    // Taken before the permit, so that the first byte leaves at most 2 s after the permit's commit.
    const startBy = performance.now() + PERMIT_LIFE_MS;
    if (!(await this.permit(id, token, mail.template))) return;
    const deadline = startBy + CALL_BUDGET_MS;
    const verdict = await this.verdictOf(id, handOver, { startBy, deadline });
    await this.record(id, token, verdict, mail.attempts);
  }

  /** A permit and the state of the address are decided under one lock; an opt-out is no hindrance (F-86). */
  private permit(id: string, token: string, template: ServiceTemplate): Promise<boolean> {
    return this.db.tx(async (tx) => {
      const reason = hindrance(await lockAddressState(tx, id), template);
      if (reason === null) return permitServiceMessage(tx, id, token);
      await settleServiceMessage(tx, id, token, { state: 'WITHHELD', reason });
      return false;
    });
  }

  private async verdictOf(id: string, handOver: HandOver, timing: Timing): Promise<Verdict> {
    try {
      const [outcome] = await handOver(timing);
      return outcome ?? { kind: 'unknown', code: 'no_outcome' };
    } catch (cause) {
      // A channel never throws; if one does, bytes may have left. Its words may hold an address.
      this.log.error(`${id}: channel threw ${(cause as Error).name}`);
      return { kind: 'unknown', code: 'channel_fault' };
    }
  }

  private async record(
    id: string,
    token: string,
    verdict: Verdict,
    attempts: number,
  ): Promise<void> {
    const settle = (state: 'ACCEPTED' | 'REJECTED' | 'UNKNOWN', reason: string | null) =>
      settleServiceMessage(this.db, id, token, { state, reason });
    const wait = (seconds: number, reason: string) =>
      postponeServiceMessage(this.db, id, token, { seconds, reason });
    switch (verdict.kind) {
      case 'accepted': {
        const { providerId } = verdict;
        return settleServiceMessage(this.db, id, token, {
          state: 'ACCEPTED',
          reason: null,
          providerId,
        });
      }
      case 'refused':
        if (verdict.permanent) return settle('REJECTED', verdict.code);
        return wait(verdict.retryAfterSeconds ?? backoff(attempts), verdict.code);
      case 'rate_limited':
        return wait(verdict.retryAfterSeconds, 'rate_limited');
      case 'not_sent':
        return wait(backoff(attempts), verdict.code);
      case 'unknown':
        return settle('UNKNOWN', verdict.code);
    }
  }
}

/** Why nothing at all may go to this address; an address we know nothing of has no hindrance. */
function hindrance(state: AddressState | null, template: ServiceTemplate): string | null {
  if (state?.restricted) return 'restricted';
  if (state?.erased && !BEGINS_ANEW.includes(template)) return 'erased';
  return state?.undeliverable ? 'undeliverable' : null;
}

function backoff(attempts: number): number {
  return RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? RETRY_SECONDS[0];
}
