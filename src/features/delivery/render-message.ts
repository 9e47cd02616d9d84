import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { t, toLanguage, type Language } from '../../platform/i18n/i18n';
import type { Channel } from '../../domain/address';
import type { Offer } from '../../domain/offers/offer';
import { ContentRenderer, type OpenContent } from '../content/content-renderer';
import { toScope, type MergeScope } from '../content/merge-fields';
import { LinkTokens } from '../registry/link-tokens';
import { ClickCodes } from './click-codes';

export interface PlannedMessage {
  id: string;
  /** Permits taken before this one. */
  attempts: number;
  to: string | null;
  source: string | null;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  city: string | null;
  language: string | null;
  kinds: string[] | null;
  timeZone: string | null;
  /** The company that handed the address over and attested that it had told its people. */
  employer: string | null;
  organisationName: string | null;
  organisationCity: string | null;
  /** What was recommended to the person when the audience was frozen. */
  offers?: readonly Offer[];
  /** Its links may tell whose it is: the person agrees to that at this moment. */
  tracked?: boolean;
}

/** Facts of the campaign that every message of it shows. */
export interface RunFacts {
  campaignName: string;
  topicSv: string;
  topicEn: string;
  senderName: string;
}

/** Sentences kept; there are as many as companies write to us, and a campaign meets each of them often. */
const KEPT_REASONS = 10_000;

/** Fills one person's values into the frozen content. The content is parsed once; here only its holes are rendered. */
@Injectable()
export class RenderMessage {
  private readonly publicUrl: string;
  private readonly shortUrl: string;
  private readonly reasons = new Map<string, string>();

  constructor(
    env: Env,
    private readonly content: ContentRenderer,
    private readonly links: LinkTokens,
    private readonly clicks: ClickCodes,
  ) {
    this.publicUrl = env.link('');
    this.shortUrl = env.shortLink('');
  }

  open(contentVersionId: string): Promise<OpenContent> {
    return this.content.open(contentVersionId);
  }

  /** The scope for one message; also used by view-in-browser, so that both show the same. */
  scope(
    message: PlannedMessage,
    token: string,
    content: OpenContent,
    run: RunFacts,
    channel: Channel = 'email',
  ): MergeScope {
    const language = toLanguage(content.language);
    const topicName = language === 'sv' ? run.topicSv : run.topicEn;
    return toScope({
      firstName: message.firstName,
      lastName: message.lastName,
      title: message.title,
      city: message.city,
      organisationName: message.organisationName,
      organisationCity: message.organisationCity,
      language,
      speaks: message.language,
      kinds: message.kinds ?? [],
      campaignName: run.campaignName,
      topicName,
      senderName: run.senderName,
      links: {
        unsubscribe:
          channel === 'sms' ? `${this.shortUrl}/s/${token}` : `${this.publicUrl}/u/${token}`,
        preferences: `${this.publicUrl}/preferences/${token}`,
        why: `${this.publicUrl}/why/${token}`,
        view: `${this.publicUrl}/view/${token}`,
      },
      reason: this.reason(message, language, topicName),
      offers: message.offers,
      clicks: message.tracked ? `/${this.clicks.seal(message.id)}` : '',
    });
  }

  /** The link of a message; its hash, hex, is what is stored. */
  link(messageId: string, channel: Channel): { token: string; hash: string } {
    const token = this.links.tokenFor(messageId, channel);
    return { token, hash: this.links.hash(token).toString('hex') };
  }

  /** "… du får det här för att …": a sentence per source and company, looked up once. */
  private reason(message: PlannedMessage, language: Language, topic: string): string {
    const source = message.source ?? 'unknown';
    const company = message.employer ?? message.organisationName ?? '';
    const key = `${language}\n${source}\n${topic}\n${company}`;
    const known = this.reasons.get(key);
    if (known !== undefined) return known;
    const organisation = company || t(language, 'delivery:yourCompany');
    const reason = t(language, `delivery:reason.${source}`, { topic, organisation });
    if (this.reasons.size >= KEPT_REASONS) this.reasons.clear();
    this.reasons.set(key, reason);
    return reason;
  }
}
