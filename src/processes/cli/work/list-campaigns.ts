import { CampaignReports } from '../../../features/campaigns/campaign-report';
import { Campaigns } from '../../../features/campaigns/campaigns.service';
import { Topics } from '../../../features/registry/topics.service';
import type { Session } from '../session';

const MOST = 100;

export async function listCampaigns({ app, out }: Session): Promise<void> {
  const campaigns = await app.get(Campaigns).list(undefined, MOST);
  if (campaigns.length === 0) return out.say('campaign.none');
  const topics = new Map((await app.get(Topics).list(true)).map((topic) => [topic.id, topic.key]));
  const rows = [];
  for (const campaign of campaigns) {
    const { state, counts } = await app.get(CampaignReports).progress(campaign);
    rows.push([
      campaign.id,
      campaign.name,
      topics.get(campaign.topicId ?? '') ?? '–',
      out.text(`state.${state}`),
      out.moment(campaign.launchedAt),
      counts ? out.number(counts.audience) : '–',
      counts ? out.number(counts.buckets.accepted) : '–',
      counts ? out.number(counts.buckets.withheld) : '–',
    ]);
  }
  const columns = ['id', 'name', 'topic', 'state', 'launched', 'audience', 'accepted', 'withheld'];
  out.table([columns.map((column) => out.text(`column.${column}`)), ...rows], [5, 6, 7]);
}
