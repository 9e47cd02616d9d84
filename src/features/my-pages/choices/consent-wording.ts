import type { Channel } from '../../../domain/address';
import { POLICY_VERSION } from '../../../domain/policy';
import type { Env } from '../../../platform/config/env';
import { t, type Language } from '../../../platform/i18n/i18n';
import type { Topic } from '../../registry/topics.dto';

/** What stands at the switches: who, what one agrees to, and how to take it back (GDPR 7, 13). */
export function consentText(language: Language, env: Env): string {
  return t(language, 'my-pages:choices.consent', {
    controller: env.CONTROLLER_NAME,
    email: env.CONTROLLER_EMAIL,
    policy: POLICY_VERSION,
  });
}

/** The words at one switch that was turned on, in reading order: what the consent record points to (L-16). */
export function consentWording(
  language: Language,
  env: Env,
  topic: Topic,
  channel: Channel,
): string {
  const [name, description] =
    language === 'sv' ? [topic.nameSv, topic.descriptionSv] : [topic.nameEn, topic.descriptionEn];
  return [
    consentText(language, env),
    description ? `${name} – ${description}` : name,
    `[x] ${t(language, `my-pages:channel.${channel}`)}`,
  ].join('\n');
}
