import { SteerCampaign } from '../../../features/campaigns/steer-campaign';
import { OPERATOR } from '../../../platform/http/actor';
import type { Session } from '../session';
import { findCampaign } from './find-campaign';
import { followCampaign } from './follow-campaign';
import { showCounts } from './report-campaign';

export async function steerCampaign(
  session: Session,
  nameOrId: string,
  what: 'pause' | 'resume' | 'cancel',
): Promise<void> {
  const { app, out, work } = session;
  const campaign = await findCampaign(session, nameOrId);
  if (what === 'resume') await work.ensure();
  const report = await app.get(SteerCampaign)[what](campaign.id, OPERATOR);
  out.say(`steer.${what}`, { name: campaign.name });
  if (what === 'resume') return followCampaign(session, campaign);
  if (report.counts) showCounts(session, report.counts);
}
