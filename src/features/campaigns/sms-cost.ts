import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { ContentService } from '../content/content.service';
import type { Campaign } from './campaign';
import type { SmsCost } from './campaign-report.dto';

/** In SEK. */
const CURRENCY = 'SEK';

interface Span {
  /** As for the invented person of previews. */
  usual: number;
  /** At most: as if everybody's name made the text as long and dear as a name can. */
  most: number;
}

export interface SmsEstimate {
  partsEach: Span;
  parts: Span;
  /** Null where no price is set (SMS_PRICE_PER_PART). */
  cost: Span | null;
  currency: string;
}

/** What text messages cost: before sending at most, afterwards as the provider tells it. */
@Injectable()
export class SmsCostReport {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly content: ContentService,
  ) {}

  /** Null for mail, and for a text that cannot be sent yet. */
  estimate(campaign: Campaign, people: number): SmsEstimate | null {
    const each = this.content.smsParts(campaign, campaign.senderName);
    if (!each) return null;
    const parts = { usual: each.usual * people, most: each.most * people };
    const [usual, most] = [this.priceOf(parts.usual), this.priceOf(parts.most)];
    const cost = usual === null || most === null ? null : { usual, most };
    return { partsEach: each, parts, cost, currency: CURRENCY };
  }

  async actual(dispatchId: string): Promise<SmsCost> {
    const rows = await this.db.query<{
      currency: string | null;
      messages: number;
      counted: number;
      parts: number;
      amount: number;
    }>(COSTS, [dispatchId]);
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + of(row), 0);
    const parts = sum((row) => row.parts);
    const amount = this.priceOf(parts);
    return {
      messages: sum(({ counted }) => counted),
      parts,
      told: rows.flatMap(({ currency, messages, amount }) =>
        currency === null ? [] : [{ currency, amount, messages }],
      ),
      reckoned: amount === null ? null : { currency: CURRENCY, amount },
    };
  }

  /** To the öre; null where no price is set. */
  private priceOf(parts: number): number | null {
    const { SMS_PRICE_PER_PART: price } = this.env;
    return price === undefined ? null : Math.round(parts * Number(price) * 100) / 100;
  }
}

/** $1 run */
const COSTS = `
SELECT c.currency, count(*) AS messages, count(c.parts) AS counted, COALESCE(sum(c.parts), 0)::float8 AS parts,
  COALESCE(round(sum(c.price), 2), 0)::float8 AS amount
FROM message m JOIN sms_cost c ON c.message_id = m.id
WHERE m.dispatch_id = $1 GROUP BY c.currency ORDER BY c.currency`;
