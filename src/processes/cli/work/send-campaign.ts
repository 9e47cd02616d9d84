import { Approval } from '../../../features/campaigns/approval';
import type { Campaign } from '../../../features/campaigns/campaign';
import { CampaignReports } from '../../../features/campaigns/campaign-report';
import { CheckCampaign } from '../../../features/campaigns/check-campaign';
import { LaunchCampaign } from '../../../features/campaigns/launch-campaign';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { SendOptions } from '../options';
import type { Session } from '../session';
import { showArithmetic } from './arithmetic';
import { findCampaign } from './find-campaign';
import { followCampaign } from './follow-campaign';

export async function sendCampaign(
  session: Session,
  nameOrId: string,
  { yes, dryRun }: SendOptions,
): Promise<void> {
  const { app, out } = session;
  const campaign = await findCampaign(session, nameOrId, 'unsent');
  if (await isUnderWay(session, campaign)) return followCampaign(session, campaign);

  const { gets } = await showArithmetic(session, campaign);
  // Before asking: a person should not say yes to what cannot go.
  await app.get(CheckCampaign).ready(campaign.id);
  if (dryRun) return out.say('send.dryRun');
  const question = out.text('send.question', { name: campaign.name, count: out.number(gets) });
  if (!yes && !(await out.confirm(question))) return out.say('send.notSent');

  // Whoever works must be at work before the bell rings.
  await session.work.ensure();
  if (campaign.state !== 'approved') await app.get(Approval).approve(campaign.id, OPERATOR, gets);
  await app.get(LaunchCampaign).start(campaign.id, OPERATOR, { expected: gets, atOnce: true });
  await followCampaign(session, campaign);
}

/** Launched before: by somebody else, or by this command before it was interrupted. */
async function isUnderWay({ app, out }: Session, campaign: Campaign): Promise<boolean> {
  const { state } = await app.get(CampaignReports).progress(campaign);
  if (state === 'launching' || state === 'launched' || state === 'sending') return true;
  if (state === 'draft' || state === 'awaiting_approval' || state === 'approved') return false;
  throw new CliFault(
    'campaign_already_sent',
    out.text('fault.campaign_already_sent', {
      name: campaign.name,
      state: out.text(`state.${state}`),
      at: out.moment(campaign.launchedAt),
    }),
  );
}
