import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Channel } from '../../domain/address';
import { Env } from '../../platform/config/env';
import type { Sql } from '../../platform/database/database';
import { isAnybodyTracked } from '../contacts/learning/tracking/tracking.queries';
import type { FrozenContent } from '../content/compile';
import { CLICKS } from '../content/content-renderer';
import { outgoingLinks, withLinks } from '../content/outgoing-links';

/** Among fewer, a click would tell who it was; and we promise not to measure that. */
export const FEWEST_COUNTED = 5;

/**
 * Leads the links of a campaign past our counter: one address per link and campaign, the same for everybody but those who
 * have agreed to be seen. While there are none of them, mails need not be able to tell anybody apart.
 */
@Injectable()
export class CountedLinks {
  constructor(private readonly env: Env) {}

  /** In the launch's transaction, once per campaign. */
  async lead(
    tx: Sql,
    campaign: { id: string; channel: Channel },
    content: FrozenContent,
    recipients: number,
  ): Promise<FrozenContent> {
    if (recipients < FEWEST_COUNTED) return content;
    const own = [this.env.link('/'), this.env.shortLink('/')];
    const links = outgoingLinks(content)
      .filter((url) => !own.some((start) => url.startsWith(start)))
      .map((url) => {
        const code = randomBytes(6).toString('base64url');
        const path = `/c/${code}`;
        return {
          url,
          code,
          link: campaign.channel === 'sms' ? this.env.shortLink(path) : this.env.link(path),
        };
      })
      // A text message has been reckoned in parts, and must not become longer than that.
      .filter(({ url, link }) => campaign.channel === 'email' || link.length <= url.length);
    await tx.query(
      `INSERT INTO campaign_link (code, campaign_id, number, url, created_at)
       SELECT code, $1, number, url, clock_timestamp()
       FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS link(code, url, number)`,
      [campaign.id, links.map(({ code }) => code), links.map(({ url }) => url)],
    );
    const whose = campaign.channel === 'email' && (await isAnybodyTracked(tx)) ? CLICKS : '';
    return withLinks(content, new Map(links.map(({ url, link }) => [url, link + whose])));
  }
}
