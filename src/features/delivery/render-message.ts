import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { t, toLanguage } from '../../platform/i18n/i18n';
import type { EmailRecipient } from '../channels/email/email-channel';
import { ContentRenderer, type OpenContent } from '../content/content-renderer';
import { toScope } from '../content/merge-fields';
import { LinkTokens } from '../registry/link-tokens';
import type { Dispatch } from './dispatches';

export interface PlannedMessage {
  id: string;
  /** Permits taken before this one. */
  attempts: number;
  addressKey: Buffer;
  contactId: string | null;
  to: string | null;
  source: string | null;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  city: string | null;
  language: string | null;
  /** The company that handed the address over and attested that it had told its people. */
  employer: string | null;
  organisationName: string | null;
  organisationCity: string | null;
}

/** Facts of the campaign that every message of it shows. */
export interface RunFacts {
  campaignName: string;
  topicSv: string;
  topicEn: string;
}

/** Fills one person's values into the frozen content. The content is parsed once; here only its holes are rendered. */
@Injectable()
export class RenderMessage {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly content: ContentRenderer,
    private readonly links: LinkTokens,
  ) {}

  open(contentVersionId: string): Promise<OpenContent> {
    return this.content.open(contentVersionId);
  }

  async facts(dispatch: Dispatch): Promise<RunFacts> {
    const [row] = await this.db.query<RunFacts>(
      `SELECT campaign.name AS "campaignName", topic.name_sv AS "topicSv", topic.name_en AS "topicEn"
       FROM campaign, topic WHERE campaign.id = $1 AND topic.id = $2`,
      [dispatch.campaignId, dispatch.topicId],
    );
    if (!row) throw new Error(`dispatch ${dispatch.id} has lost its campaign or topic`);
    return row;
  }

  /** The scope for one message; also used by view-in-browser, so that both show the same. */
  scope(
    message: PlannedMessage,
    token: string,
    content: OpenContent,
    run: RunFacts & { senderName: string },
  ) {
    const language = toLanguage(content.language);
    const topicName = language === 'sv' ? run.topicSv : run.topicEn;
    return toScope({
      ...message,
      language,
      campaignName: run.campaignName,
      topicName,
      senderName: run.senderName,
      links: {
        unsubscribe: this.env.link(`/u/${token}`),
        preferences: this.env.link(`/preferences/${token}`),
        why: this.env.link(`/why/${token}`),
        view: this.env.link(`/view/${token}`),
      },
      reason: t(language, `delivery:reason.${message.source ?? 'unknown'}`, {
        topic: topicName,
        organisation:
          message.employer ?? message.organisationName ?? t(language, 'delivery:yourCompany'),
      }),
    });
  }

  /** Throws when the content cannot be rendered for this person; that message alone is then rejected. */
  recipient(
    message: PlannedMessage,
    content: OpenContent,
    run: RunFacts & { senderName: string },
  ): Rendered {
    if (!message.to) throw new Error('address_gone');
    const token = this.links.tokenFor(message.id);
    const rendered = content.renderFor(this.scope(message, token, content, run));
    return {
      linkHash: this.links.hash(token),
      recipient: {
        messageId: message.id,
        to: message.to,
        toName: [message.firstName, message.lastName].filter(Boolean).join(' ') || undefined,
        subject: rendered.subject,
        htmlHoles: rendered.htmlHoles,
        textHoles: rendered.textHoles,
        unsubscribeUrl: this.env.link(`/u/${token}`),
      },
    };
  }
}

export interface Rendered {
  linkHash: Buffer;
  recipient: EmailRecipient;
}
