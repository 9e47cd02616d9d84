import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { ChannelState } from '../delivery/channel-state';
import { Incidents } from '../delivery/incidents';
import { complaintVerdict } from '../feedback/complaint-rate';
import { WatchFeedback } from '../feedback/watch-feedback';
import type { Attention, AttentionKind, RecentCampaign } from './overview.dto';
import { AWAITING_APPROVAL, BAD_DOMAINS, FAILING_WEBHOOKS } from './overview.queries';

/** Mailbox providers frown at more; among a few mails one bounce is a person, not a rate. */
const MOST_BOUNCED = 0.02;
const FEWEST_ACCEPTED = 50;

/** What somebody should look at, the gravest first. */
@Injectable()
export class NeedsAttention {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly channels: ChannelState,
    private readonly incidents: Incidents,
    private readonly feedback: WatchFeedback,
  ) {}

  async list(runs: readonly RecentCampaign[]): Promise<Attention[]> {
    const [incidents, channels, silent, waiting, domains, failing] = await Promise.all([
      this.incidents.open(),
      this.channels.list(),
      this.feedback.silent(),
      this.db.query<{ campaignId: string; name: string; channel: Channel; since: Date }>(
        AWAITING_APPROVAL,
      ),
      this.domains(),
      this.db.query<{ url: string; since: Date }>(FAILING_WEBHOOKS),
    ]);
    return [
      ...incidents.map(({ kind, openedAt }) =>
        attention('incident', { since: openedAt, detail: kind }),
      ),
      // An incident holds the channels too, and has been told of.
      ...channels
        .filter(({ heldBecause }) => heldBecause && heldBecause !== 'incident')
        .map(({ channel, heldBecause, heldAt }) =>
          attention('channel_held', { channel, since: heldAt, detail: heldBecause }),
        ),
      ...channels
        .filter(({ breaker }) => breaker === 'open')
        .map(({ channel, openedAt, openedBecause }) =>
          attention('provider_away', { channel, since: openedAt, detail: openedBecause }),
        ),
      // The mailbox of a trial has no provider who could fall silent.
      ...(silent && this.env.EMAIL_CHANNEL !== 'mailbox'
        ? [attention('webhook_silent', { channel: 'email' })]
        : []),
      ...failing.map(({ url, since }) =>
        attention('webhook_failing', { since, detail: new URL(url).host }),
      ),
      ...runs.flatMap(ofRun),
      ...domains.map(({ domain, since }) => attention('domain', { since, detail: domain })),
      ...waiting.map((campaign) => attention('approval', campaign)),
    ];
  }

  private async domains(): Promise<{ domain: string; since: Date }[]> {
    if (!this.env.domainCheckRequired) return [];
    return this.db.query(BAD_DOMAINS, [this.env.MARKETING_FROM.split('@').at(-1)]);
  }
}

function ofRun(run: RecentCampaign): Attention[] {
  const { campaignId, name, channel, launchedAt, accepted, delivered, bounced, complaints } = run;
  const about = { campaignId, name, channel, since: launchedAt };
  const found: Attention[] = [];
  const add = (kind: AttentionKind, count: number) =>
    found.push(attention(kind, { ...about, count, share: accepted > 0 ? count / accepted : null }));
  if (complaintVerdict(complaints, delivered ?? accepted) !== 'fine') add('complaints', complaints);
  if (accepted >= FEWEST_ACCEPTED && bounced / accepted > MOST_BOUNCED) add('bounces', bounced);
  if (run.rejected > 0) add('failed', run.rejected);
  if (run.unknown > 0) add('unknown', run.unknown);
  return found;
}

function attention(kind: AttentionKind, known: Partial<Attention>): Attention {
  return {
    kind,
    since: null,
    campaignId: null,
    name: null,
    channel: null,
    count: null,
    share: null,
    detail: null,
    ...known,
  };
}
