import { Injectable, Logger } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import { ChannelState } from '../delivery/channel-state';
import { complaintVerdict } from './complaint-rate';

const SILENCE_MINUTES = 15;

interface Rate {
  delivered: number;
  complaints: number;
}

interface Facts extends Rate {
  /** Runs that somebody has complained of in the last seven days. */
  campaigns: (Rate & { of: string })[];
  /** Somebody has complained since a person last released the channel, knowing the rate. */
  fresh: boolean;
  silent: boolean;
  unsaidNo: number;
}

/** What mailbox providers punish and what goes wrong unseen: complaints, a silent webhook, nobody who can leave. */
@Injectable()
export class WatchFeedback {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly channels: ChannelState,
    private readonly metrics: Metrics,
  ) {}

  /** Whether the provider's events have stopped coming. */
  async silent(): Promise<boolean> {
    const [found] = await this.db.query<{ silent: boolean }>(
      `SELECT ${SILENT} AS silent`,
      this.silence(),
    );
    return found!.silent;
  }

  async run(): Promise<Facts> {
    const [facts] = await this.db.query<Facts & Record<string, unknown>>(FACTS, this.silence());
    const { fresh, silent, unsaidNo, campaigns } = facts!;
    const rates = [{ of: '7 days', ...facts! }, ...campaigns];
    const verdicts = rates.map((rate) => ({
      ...rate,
      verdict: complaintVerdict(rate.complaints, rate.delivered),
    }));
    const high = verdicts.filter(({ verdict }) => verdict !== 'fine');
    this.metrics.unhealthy.set({ what: 'complaint_rate' }, high.length > 0 ? 1 : 0);
    this.metrics.unhealthy.set({ what: 'webhook_silent' }, silent ? 1 : 0);
    this.metrics.unhealthy.set({ what: 'nobody_opts_out' }, unsaidNo > 0 ? 1 : 0);
    for (const { of, complaints, delivered } of high)
      this.log.warn(`${of}: ${complaints} complaints on ${delivered} delivered`);
    const stop = high.some(({ verdict }) => verdict === 'stop');
    if (stop && fresh && (await this.channels.hold('email', 'complaint_rate')))
      this.log.error('too many complaints: sending is held');
    if (silent)
      this.log.error(`no event from the provider for ${SILENCE_MINUTES} minutes while sending`);
    if (unsaidNo > 0)
      this.log.error(
        `${unsaidNo} campaigns with over 2 000 deliveries and no opt-out: does the link work?`,
      );
    return facts!;
  }

  private silence(): unknown[] {
    return [SILENCE_MINUTES, this.env.EMAIL_CHANNEL === 'sendgrid'];
  }
}

/** Whether nothing comes back though something should. $1 minutes · $2 whether the channel has a webhook */
const SILENT = `
  (($2 OR EXISTS (SELECT 1 FROM provider_event))
   AND NOT EXISTS (SELECT 1 FROM provider_event WHERE received_at > now() - make_interval(mins => $1))
   AND EXISTS (SELECT 1 FROM dispatch d JOIN message_status m ON m.dispatch_id = d.id
               WHERE d.created_at > now() - interval '1 day' AND m.state = 'ACCEPTED'
                 AND m.permit_at BETWEEN now() - interval '1 day' AND now() - make_interval(mins => $1)))`;

/** $1 minutes of silence · $2 whether the channel has a webhook, though no event ever came */
const FACTS = `
SELECT
  (SELECT count(*) FROM provider_event WHERE type = 'delivered' AND received_at > now() - interval '7 days') AS delivered,
  (SELECT count(*) FROM provider_event WHERE type = 'spamreport' AND received_at > now() - interval '7 days') AS complaints,
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('of', 'campaign ' || d.campaign_id, 'complaints', c.complaints,
     'delivered', (SELECT count(*) FROM message_status m WHERE m.dispatch_id = d.id AND m.state = 'DELIVERED'))), '[]')
   FROM (SELECT m.dispatch_id, count(DISTINCT m.id) AS complaints
         FROM provider_event e JOIN message_status m ON m.id = e.message_id
         WHERE e.type = 'spamreport' AND e.received_at > now() - interval '7 days' GROUP BY 1) c
   JOIN dispatch d ON d.id = c.dispatch_id) AS campaigns,
  (SELECT max(received_at) FROM provider_event WHERE type = 'spamreport')
    > COALESCE((SELECT max(at) FROM audit_entry WHERE subject_type = 'channel' AND subject_id = 'email'
                  AND action = 'channel.released'), '-infinity') AS fresh,
  ${SILENT} AS silent,
  (SELECT count(*) FROM dispatch d
   WHERE d.finished_at BETWEEN now() - interval '3 days' AND now() - interval '1 day'
     AND (SELECT count(*) FROM message_status m WHERE m.dispatch_id = d.id AND m.state = 'DELIVERED') > 2000
     AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.campaign_id = d.campaign_id AND l.kind = 'opt_out')) AS "unsaidNo"`;
