import { type Asked, type Condition, exists } from './condition';
import { inside, oldest } from './history-conditions';
import type { ClicksRule } from './tree';

/** Whoever has not agreed to be seen is neither somebody who clicked nor somebody who did not. */
const AGREED = 'EXISTS (SELECT FROM tracking_consent seen WHERE seen.contact_id = r.contact_id)';

/** What holds only of those who agreed to be seen, and whose opposite does, too. */
export function ofTracked(condition: string): Condition & { sql: string } {
  return { sql: `(${AGREED} AND ${condition})`, otherwise: `(${AGREED} AND NOT ${condition})` };
}

/** Links that the person followed, for as long as they agree to that being known. */
export function clicksCondition(rule: ClicksRule, asked: Asked): Condition {
  const where = ['k.contact_id = r.contact_id', `k.at > ${oldest(asked)}`];
  if (rule.value) where.push(`k.campaign_id = ANY (${asked.bound.bind(rule.value, 'uuid[]')})`);
  if (rule.when) where.push(...inside('k.at', rule.when, asked));
  const clicked = ofTracked(exists('contact_click k', ...where).sql);
  return rule.op === 'clicked' ? clicked : { not: clicked };
}
