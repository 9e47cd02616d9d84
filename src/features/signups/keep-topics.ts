import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../../domain/address';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { t, type Language } from '../../platform/i18n/i18n';
import { trackingWording } from '../registry/pages/tracking-wording';
import type { LinkTokenRow } from '../registry/link-tokens';
import { noticeOf } from './forms/form-fields';
import { RequestSignup } from './request-signup';
import { emailOfToken, liveTopicIds, topicNames } from './signups.queries';

/** `noAddress`: the link's owner was erased or has another address now, so there is nobody to ask. */
export type KeepOutcome = 'asked' | 'nothing_chosen' | 'noAddress' | 'test';

/** Someone with a link of ours wants topics, or to be seen following links: the mailbox that the link was sent to is asked. */
@Injectable()
export class KeepTopics {
  constructor(
    private readonly db: Database,
    private readonly request: RequestSignup,
    private readonly env: Env,
  ) {}

  async run(
    link: LinkTokenRow,
    chosen: readonly string[],
    language: Language,
    tracking = false,
  ): Promise<KeepOutcome> {
    if (link.class === 'test') return 'test';
    const topicIds = await liveTopicIds(this.db, chosen);
    if (topicIds.length === 0 && !tracking) return 'nothing_chosen';
    const { contactId } = link;
    const value = contactId && (await emailOfToken(this.db, link.addressKey, contactId));
    const email = normaliseEmail(value || '');
    if (!contactId || !email.ok) return 'noAddress';
    await this.request.run({
      formId: null,
      email,
      topicIds,
      tracking,
      language,
      contactId,
      wording: tracking
        ? { kind: 'tracking', text: trackingWording(language) }
        : { kind: 'keep_topics', text: await this.wording(topicIds, language) },
    });
    return 'asked';
  }

  /** What stood at the box that was ticked, and at the button that will confirm it. */
  private async wording(topicIds: readonly string[], language: Language): Promise<string> {
    const names = await topicNames(this.db, topicIds, language);
    return [
      t(language, 'registry:keep.legend'),
      ...names.map((name) => `[x] ${name}`),
      `[${t(language, 'registry:keep.button')}]`,
      t(language, 'signups:confirm.title'),
      `[${t(language, 'signups:confirm.button')}]`,
      noticeOf(language, this.env),
    ].join('\n');
  }
}
