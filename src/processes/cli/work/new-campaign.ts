import { closest } from '../../../domain/did-you-mean';
import { Campaigns } from '../../../features/campaigns/campaigns.service';
import { CreateCampaignDto } from '../../../features/campaigns/campaigns.dto';
import { Topics } from '../../../features/registry/topics.service';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { NewCampaignOptions } from '../options';
import type { Session } from '../session';
import { showArithmetic } from './arithmetic';
import { checked } from './checked';

export async function newCampaign(session: Session, options: NewCampaignOptions): Promise<void> {
  const { app, out } = session;
  const input = await checked(CreateCampaignDto, {
    name: options.name,
    topicId: await topicIdOf(session, options.topic),
    templateKey: options.template,
    channel: options.sms ? 'sms' : 'email',
    subject: options.subject,
    language: options.mailLanguage ?? 'sv',
    audience: { members: options.everyone ? 'everyone' : 'topic' },
  });
  const campaign = await app.get(Campaigns).create(input, OPERATOR);
  await showArithmetic(session, campaign);
  out.say('campaign.made', { id: campaign.id, name: campaign.name });
}

async function topicIdOf({ app, out }: Session, key: string): Promise<string> {
  const topics = app.get(Topics);
  const topic = await topics.byKey(key);
  if (topic) return topic.id;
  const keys = (await topics.list()).map((known) => known.key);
  const suggestion = closest(key, keys);
  throw new CliFault(
    'unknown_topic',
    out.text('fault.no_such_topic', { key, keys: (suggestion ? [suggestion] : keys).join(', ') }),
  );
}
