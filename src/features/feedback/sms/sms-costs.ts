import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';

interface Cost {
  parts: number | null;
  price: string | null;
  currency: string | null;
}

/**
 * What the provider tells of a text message's parts and price, beside its status. Null: nothing. A price is told as
 * what is taken from the account (`-0.0520`), often long after the message has arrived.
 */
export function readCost(told: Record<string, string>): Cost | null {
  const { NumSegments = '', Price = '', PriceUnit = '' } = told;
  // Of a message that has no sender yet Twilio says 0.
  const parts = /^[1-9]\d{0,2}$/.test(NumSegments) ? Number(NumSegments) : null;
  const priced = /^-?\d{1,4}(\.\d{1,8})?$/.test(Price) && /^[A-Za-z]{3}$/.test(PriceUnit);
  if (parts === null && !priced) return null;
  return {
    parts,
    price: priced ? Price.replace('-', '') : null,
    currency: priced ? PriceUnit.toUpperCase() : null,
  };
}

/** One row per message: told any number of times, in any order, it is counted once. */
@Injectable()
export class SmsCosts {
  constructor(private readonly db: Database) {}

  async keep(told: readonly { messageId: string | null; told: Record<string, string> }[]) {
    const costs = new Map<string, Cost>();
    for (const { messageId, told: form } of told) {
      const cost = messageId && readCost(form);
      if (cost) costs.set(messageId, cost);
    }
    if (costs.size === 0) return;
    const column = <K extends keyof Cost>(name: K) => [...costs.values()].map((cost) => cost[name]);
    await this.db.query(KEEP, [
      [...costs.keys()],
      column('parts'),
      column('price'),
      column('currency'),
    ]);
  }
}

/** GREATEST passes over what is not told. $1 messages · $2 parts · $3 prices · $4 currencies */
const KEEP = `
INSERT INTO sms_cost (message_id, parts, price, currency)
SELECT c.message_id, c.parts, c.price, c.currency
FROM unnest($1::uuid[], $2::smallint[], $3::numeric[], $4::text[]) AS c(message_id, parts, price, currency)
JOIN message m ON m.id = c.message_id JOIN dispatch d ON d.id = m.dispatch_id
WHERE d.channel = 'sms' ORDER BY c.message_id
ON CONFLICT (message_id) DO UPDATE SET parts = GREATEST(sms_cost.parts, EXCLUDED.parts),
  price = GREATEST(sms_cost.price, EXCLUDED.price), currency = COALESCE(sms_cost.currency, EXCLUDED.currency)`;
