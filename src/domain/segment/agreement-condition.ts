import { type Asked, type Condition, exists } from './condition';
import type { Rule } from './tree';
import { dayAfter, today } from './when';

/** What the person's company has agreed with us, as it stands on the day that is asked. */
export function agreementCondition(rule: Rule, { bound, ...moment }: Asked): Condition {
  const agreed = (...where: string[]) =>
    exists('agreement a', 'a.organisation_id = r.organisation_id', ...where);
  if (rule.op === 'no_agreement') return { not: agreed() };
  const day = today(moment);
  const bindDay = (date: string) => bound.bind(date, 'date');
  const stands = () => {
    const now = bindDay(day);
    return [`a.starts_on <= ${now}`, `(a.ends_on IS NULL OR a.ends_on >= ${now})`];
  };
  const endsAfter = (date: string) => agreed(`(a.ends_on IS NULL OR a.ends_on > ${bindDay(date)})`);
  if (rule.op === 'active') return agreed(...stands());
  if (rule.op === 'ended') {
    // One that is still to begin is a relation that goes on.
    const over = agreed(`a.ends_on < ${bindDay(day)}`);
    return { all: [over, { not: endsAfter(dayAfter(day, -1)) }] };
  }
  if (rule.op !== 'ends_within') throw new RangeError(`an agreement cannot be asked ${rule.op}`);
  // Not where another one goes on after it: that company has renewed.
  return { all: [agreed(...stands()), { not: endsAfter(dayAfter(day, rule.value)) }] };
}
