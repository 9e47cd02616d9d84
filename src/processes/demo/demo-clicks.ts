import { Injectable } from '@nestjs/common';
import { FollowLink } from '../../features/campaigns/follow-link';
import { Database } from '../../platform/database/database';

/** One of so many follows the first link of a mail; the second half as many, and so on. */
const FOLLOWED_BY_ONE_OF = 14;

/** Readers who follow the links of a sent campaign. */
@Injectable()
export class DemoClicks {
  constructor(
    private readonly db: Database,
    private readonly following: FollowLink,
  ) {}

  /** Once: a campaign whose links have been followed is left as it is. */
  async on(campaignId: string): Promise<void> {
    const links = await this.db.query<{ code: string; number: number; people: number }>(
      `SELECT l.code, l.number, d.audience AS people
       FROM campaign_link l JOIN dispatch d ON d.campaign_id = l.campaign_id
       WHERE l.campaign_id = $1 AND NOT EXISTS (SELECT 1 FROM link_clicks c WHERE c.code = l.code)`,
      [campaignId],
    );
    for (const { code, number, people } of links) {
      const times = Math.floor(people / FOLLOWED_BY_ONE_OF / number);
      for (let n = 0; n < times; n++) this.following.count(code);
    }
  }
}
