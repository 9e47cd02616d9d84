import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { CampaignTallies } from '../campaigns/campaign-tallies';
import { WatchCampaign } from '../campaigns/watch-campaign';
import { NeedsAttention } from './needs-attention';
import type {
  FirstStep,
  GrowthWeek,
  Overview,
  Planned,
  RecentCampaign,
  SendingNow,
} from './overview.dto';
import { GROWTH, LATELY, NUMBERS, PLANNED, STEPS, UNDER_WAY } from './overview.queries';

/** Twelve weeks look the same a minute later, and many may have the page open. */
const GROWTH_KEPT_MS = 60_000;

@Injectable()
export class OverviewService {
  private growth: { until: number; weeks: Promise<GrowthWeek[]> } | undefined;

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly tallies: CampaignTallies,
    private readonly watching: WatchCampaign,
    private readonly attention: NeedsAttention,
  ) {}

  async get(): Promise<Overview> {
    const lately = await this.db.query<{ id: string; shown: boolean }>(LATELY);
    const ids = lately.map(({ id }) => id);
    await this.tallies.refresh(ids);
    const numbers = await this.db.query<RecentCampaign & Record<string, unknown>>(NUMBERS, [ids]);
    const shown = new Set(lately.flatMap(({ id, shown }) => (shown ? [id] : [])));
    const [sending, planned, attention, growth, steps] = await Promise.all([
      this.sending(),
      this.db.query<Planned & Record<string, unknown>>(PLANNED),
      this.attention.list(numbers),
      this.weeks(),
      this.steps(),
    ]);
    const recent = numbers.filter(({ campaignId }) => shown.has(campaignId));
    return { sending, planned, attention, recent, growth, steps };
  }

  private async sending(): Promise<SendingNow[]> {
    const runs = await this.db.query<{
      campaignId: string;
      name: string;
      channel: Channel;
      paused: boolean;
    }>(UNDER_WAY);
    return Promise.all(
      runs.map(async ({ paused, ...run }) => {
        const { counts, perMinute, secondsLeft } = await this.watching.progress(run.campaignId);
        const { audience, buckets } = counts!;
        const { pending, withheld, cancelled } = buckets;
        return {
          ...run,
          state: paused ? ('paused' as const) : ('sending' as const),
          audience,
          left: audience - pending - withheld - cancelled,
          pending,
          withheld,
          perMinute,
          secondsLeft,
        };
      }),
    );
  }

  private weeks(): Promise<GrowthWeek[]> {
    if (!this.growth || performance.now() > this.growth.until) {
      const weeks = this.db.query<GrowthWeek & Record<string, unknown>>(GROWTH);
      this.growth = { until: performance.now() + GROWTH_KEPT_MS, weeks };
      weeks.catch(() => (this.growth = undefined));
    }
    return this.growth.weeks;
  }

  private async steps(): Promise<FirstStep[]> {
    const from = this.env.MARKETING_FROM;
    const [found] = await this.db.query<
      Record<'domain' | 'topics' | 'people' | 'campaign', boolean>
    >(STEPS, [from.slice(from.lastIndexOf('@') + 1)]);
    return [
      // The sender that stands in the settings until somebody writes their own.
      { key: 'sender', done: !from.endsWith('.example') },
      { key: 'domain', done: found!.domain || !this.env.domainCheckRequired },
      { key: 'topics', done: found!.topics },
      { key: 'people', done: found!.people },
      { key: 'campaign', done: found!.campaign },
    ];
  }
}
