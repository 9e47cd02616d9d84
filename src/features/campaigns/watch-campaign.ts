import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { ChannelState } from '../delivery/channel-state';
import { Dispatches } from '../delivery/dispatches';
import { SendingHours } from '../delivery/sending-hours';
import { getCampaign } from './campaign';
import { CampaignReports } from './campaign-report';
import type { LiveProgress } from './campaign-report.dto';
import { PACE } from './campaign-report.queries';

const MINUTE = 60;
/** From less than this no speed can be told. */
const LEAST_SECONDS = 10;

const AT_REST = {
  perMinute: 0,
  secondsLeft: null,
  heldBecause: null,
  providerAway: false,
  waits: null,
};

/** How a campaign goes just now; asked every other second while somebody looks. */
@Injectable()
export class WatchCampaign {
  constructor(
    private readonly db: Database,
    private readonly reports: CampaignReports,
    private readonly dispatches: Dispatches,
    private readonly channels: ChannelState,
    private readonly hours: SendingHours,
  ) {}

  async progress(id: string): Promise<LiveProgress> {
    const progress = await this.reports.progress(await getCampaign(this.db, id));
    const dispatch = await this.dispatches.findByCampaign(id);
    if (!dispatch || !progress.counts || progress.state !== 'sending')
      return { ...progress, ...AT_REST };
    const [pace] = await this.db.query<{ recent: number; seconds: number | null }>(PACE, [
      dispatch.id,
    ]);
    const { buckets } = progress.counts;
    const left = buckets.accepted + buckets.rejected + buckets.unknown + buckets.in_flight;
    const recent = Math.min(pace!.recent * dispatch.batchSize, left);
    const over = Math.min(MINUTE, Math.max(LEAST_SECONDS, pace!.seconds ?? 0));
    const perMinute = Math.round((recent / over) * MINUTE);
    const channel = (await this.channels.list()).find((one) => one.channel === dispatch.channel);
    return {
      ...progress,
      perMinute,
      secondsLeft:
        perMinute > 0 && buckets.pending > 0
          ? Math.ceil((buckets.pending / perMinute) * MINUTE)
          : null,
      heldBecause: channel?.heldBecause ?? null,
      providerAway: channel?.breaker === 'open',
      waits: buckets.pending > 0 ? this.hours.waiting(dispatch.channel, null) : null,
    };
  }
}
