import { type Asked, type Condition, exists } from './condition';
import type { Rule } from './tree';
import { dayAfter, today } from './when';

/** What the person's company has agreed with us, as it stands on the day that is asked. */
export function agreementCondition(rule: Rule, { bound, ...moment }: Asked): Condition {
  const agreed = (having: string): Condition =>
    exists(
      `(SELECT a.organisation_id FROM agreement a GROUP BY a.organisation_id HAVING ${having}) a`,
      'a.organisation_id = r.organisation_id',
    );
  if (rule.op === 'no_agreement') return { not: agreed('true') };
  const day = today(moment);
  const bindDay = (date: string) => bound.bind(date, 'date');
  const stands = () => {
    const now = bindDay(day);
    return `bool_or(a.starts_on <= ${now} AND (a.ends_on IS NULL OR a.ends_on >= ${now}))`;
  };
  const noneAfter = (date: string) =>
    `NOT bool_or(a.ends_on IS NULL OR a.ends_on > ${bindDay(date)})`;
  if (rule.op === 'active') return agreed(stands());
  // One that is still to begin is a relation that goes on.
  if (rule.op === 'ended') return agreed(noneAfter(dayAfter(day, -1)));
  if (rule.op !== 'ends_within') throw new RangeError(`an agreement cannot be asked ${rule.op}`);
  // Not where another one goes on after it: that company has renewed.
  return agreed(`${stands()} AND ${noneAfter(dayAfter(day, rule.value))}`);
}
