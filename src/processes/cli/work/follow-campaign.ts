import { setTimeout as sleep } from 'node:timers/promises';
import { getCampaign, type Campaign } from '../../../features/campaigns/campaign';
import type { CampaignProgress } from '../../../features/campaigns/campaign-progress.dto';
import { CampaignReports } from '../../../features/campaigns/campaign-report';
import type { Counts } from '../../../features/delivery/reports';
import { Database } from '../../../platform/database/database';
import { CliFault } from '../cli-fault';
import type { Session } from '../session';
import { showCounts } from './report-campaign';

const EVERY_MS = 250;

/** Shows how far it is, from the database, until it ends; works itself where nobody else does. */
export async function followCampaign(session: Session, { id, name }: Campaign): Promise<void> {
  const { out, work, interrupted } = session;
  const bar = out.bar();
  const pace = new Pace();
  let progress = await readProgress(session, id);
  while (isGoing(progress) && !interrupted.aborted) {
    await work.ensure();
    if (progress.counts) {
      const { done, total } = settled(progress.counts);
      bar.update(done, total, progressText(session, progress.counts, pace.at(done, total)));
    }
    await sleep(EVERY_MS, undefined, { signal: interrupted }).catch(() => undefined);
    progress = await readProgress(session, id);
  }
  const { state, counts } = progress;
  if (counts && !isGoing(progress)) bar.update(1, 1, progressText(session, counts, null));
  bar.end();
  if (state === 'draft') throw new CliFault('campaign_not_ready', out.text('fault.fell_back'));
  if (isGoing(progress)) return out.say('follow.stopped', { name });
  out.say('follow.ended', { name, state: out.text(`state.${state}`) });
  if (counts) showCounts(session, counts);
  out.say('follow.next', { name });
}

async function readProgress({ app }: Session, id: string): Promise<CampaignProgress> {
  return app.get(CampaignReports).progress(await getCampaign(app.get(Database), id));
}

function isGoing({ state }: CampaignProgress): boolean {
  return state === 'launching' || state === 'launched' || state === 'sending';
}

/** The audience is known once it is frozen; until then nothing is done of nothing. */
function settled({ audience, buckets }: Counts): { done: number; total: number } {
  return { done: audience - buckets.pending - buckets.in_flight, total: audience };
}

function progressText({ out }: Session, { buckets }: Counts, pace: PaceNow | null): string {
  const parts = [
    out.text('follow.accepted', { count: out.number(buckets.accepted) }),
    out.text('follow.withheld', { count: out.number(buckets.withheld) }),
  ];
  if (buckets.unknown > 0) {
    parts.push(out.text('follow.unknown', { count: out.number(buckets.unknown) }));
  }
  if (pace && pace.perSecond > 0) {
    parts.push(out.text('follow.pace', { count: out.number(Math.round(pace.perSecond)) }));
    parts.push(out.text('follow.left', { seconds: out.number(Math.ceil(pace.secondsLeft)) }));
  }
  return parts.join(' · ');
}

interface PaceNow {
  perSecond: number;
  secondsLeft: number;
}

/** How fast it went since this process began to watch. */
class Pace {
  private first: { at: number; done: number } | null = null;

  at(done: number, total: number): PaceNow | null {
    const now = performance.now();
    this.first ??= { at: now, done };
    const perSecond = ((done - this.first.done) * 1000) / (now - this.first.at);
    if (!Number.isFinite(perSecond) || perSecond <= 0) return null;
    return { perSecond, secondsLeft: (total - done) / perSecond };
  }
}
