import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import { ChannelState } from '../delivery/channel-state';
import { complaintVerdict } from './complaint-rate';

const SILENCE_MINUTES = 15;

interface Facts {
  delivered: number;
  complaints: number;
  silent: boolean;
  unsaidNo: number;
}

/** What mailbox providers punish and what goes wrong unseen: complaints, a silent webhook, nobody who can leave. */
@Injectable()
export class WatchFeedback {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly db: Database,
    private readonly channels: ChannelState,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<Facts> {
    const [facts] = await this.db.query<Facts & Record<string, unknown>>(FACTS, [SILENCE_MINUTES]);
    const { delivered, complaints, silent, unsaidNo } = facts!;
    const verdict = complaintVerdict(complaints, delivered);
    this.metrics.unhealthy.set({ what: 'complaint_rate' }, verdict === 'fine' ? 0 : 1);
    this.metrics.unhealthy.set({ what: 'webhook_silent' }, silent ? 1 : 0);
    this.metrics.unhealthy.set({ what: 'nobody_opts_out' }, unsaidNo > 0 ? 1 : 0);
    if (verdict === 'warn')
      this.log.warn(`${complaints} complaints on ${delivered} delivered in 7 days`);
    if (verdict === 'stop' && (await this.channels.hold('email', 'complaint_rate'))) {
      this.log.error(
        `${complaints} complaints on ${delivered} delivered in 7 days: sending is held`,
      );
    }
    if (silent)
      this.log.error(`no event from the provider for ${SILENCE_MINUTES} minutes while sending`);
    if (unsaidNo > 0)
      this.log.error(
        `${unsaidNo} campaigns with over 2 000 deliveries and no opt-out: does the link work?`,
      );
    return facts!;
  }
}

/** $1 minutes of silence */
const FACTS = `
SELECT
  (SELECT count(*) FROM provider_event WHERE type = 'delivered' AND received_at > now() - interval '7 days') AS delivered,
  (SELECT count(*) FROM provider_event WHERE type = 'spamreport' AND received_at > now() - interval '7 days') AS complaints,
  (EXISTS (SELECT 1 FROM provider_event)
   AND NOT EXISTS (SELECT 1 FROM provider_event WHERE received_at > now() - make_interval(mins => $1))
   AND EXISTS (SELECT 1 FROM dispatch d JOIN message m ON m.dispatch_id = d.id
               WHERE d.created_at > now() - interval '1 day' AND m.state = 'ACCEPTED'
                 AND m.permit_at BETWEEN now() - interval '1 day' AND now() - make_interval(mins => $1))) AS silent,
  (SELECT count(*) FROM dispatch d
   WHERE d.finished_at BETWEEN now() - interval '3 days' AND now() - interval '1 day'
     AND (SELECT count(*) FROM message m WHERE m.dispatch_id = d.id AND m.state = 'DELIVERED') > 2000
     AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.campaign_id = d.campaign_id AND l.kind = 'opt_out')) AS "unsaidNo"`;
