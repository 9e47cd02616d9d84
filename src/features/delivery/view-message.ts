import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Database } from '../../platform/database/database';
import { offersOfMessage } from '../contacts/learning/offers/offers.queries';
import type { LinkTokenRow } from '../registry/link-tokens';
import { RenderMessage, type PlannedMessage, type RunFacts } from './render-message';

interface SentMessage extends PlannedMessage, RunFacts {
  contentVersionId: string;
  channel: Channel;
  senderName: string;
}

export interface RenderedMessage {
  channel: Channel;
  subject: string;
  /** null: a text message. */
  html: string | null;
  text: string;
}

/** Nobody's: as long as a real one, and no page takes it. */
const DEAD_TOKEN = 'exempel-exempel-exempe';

/** A message as it was sent, by the same renderer, for the holder of its link or for staff. */
@Injectable()
export class ViewMessage {
  constructor(
    private readonly db: Database,
    private readonly rendering: RenderMessage,
  ) {}

  /** The HTML; null when the link is a text message's, or when the person's data is gone. */
  async html(link: LinkTokenRow, token: string): Promise<string | null> {
    if (!link.messageId || link.channel !== 'email') return null;
    return (await this.rendered(link.messageId, token))?.html ?? null;
  }

  /** With links that do nothing: whoever looks must not be able to say no for the person. null: their data is gone. */
  forStaff(messageId: string): Promise<RenderedMessage | null> {
    return this.rendered(messageId, DEAD_TOKEN);
  }

  private async rendered(messageId: string, token: string): Promise<RenderedMessage | null> {
    const [message] = await this.db.query<SentMessage & Record<string, unknown>>(
      `SELECT m.id, a.value AS "to", a.source, c.first_name AS "firstName",
         c.last_name AS "lastName", c.title, c.city, c.language, c.kinds, c.time_zone AS "timeZone",
         c.attested_by AS employer, o.name AS "organisationName",
         o.city AS "organisationCity", d.content_version_id AS "contentVersionId", d.channel,
         d.sender->'from'->>'name' AS "senderName", campaign.name AS "campaignName",
         t.name_sv AS "topicSv", t.name_en AS "topicEn"
       FROM message m JOIN dispatch d ON d.id = m.dispatch_id
       JOIN campaign ON campaign.id = d.campaign_id JOIN topic t ON t.id = d.topic_id
       JOIN contact c ON c.id = m.contact_id LEFT JOIN address a ON a.id = m.address_id
       LEFT JOIN organisation o ON o.id = c.organisation_id
       WHERE m.id = $1`,
      [messageId],
    );
    if (!message) return null;
    const { channel } = message;
    const content = await this.rendering.open(message.contentVersionId);
    const offers = await offersOfMessage(this.db, messageId);
    const person = { ...message, offers };
    const scope = this.rendering.scope(person, token, content, message, channel);
    const { subject, htmlHoles, textHoles } = content.renderFor(scope);
    const html = channel === 'email' ? content.html(htmlHoles) : null;
    return { channel, subject, html, text: content.text(textHoles) };
  }
}
