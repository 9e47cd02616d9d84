import { Temporal } from 'temporal-polyfill';
import type { Unit, When } from './tree';

/** From the first on, up to but not including the second; null: no end on that side. ISO 8601. */
export interface Instants {
  from: string | null;
  until: string | null;
}

/** Both days belong to it. `YYYY-MM-DD`. */
export interface Days {
  from: string | null;
  to: string | null;
}

/** Whose calendar, and from when counted. */
export interface Moment {
  now: Date;
  timeZone: string;
}

/** Of what happened at an instant. A day begins at its first moment there, which is not everywhere midnight. */
export function toInstants(when: When, { now, timeZone }: Moment): Instants {
  const present = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone,
  );
  // The last moment still belongs to it: stored times have milliseconds.
  const until = (time: Temporal.ZonedDateTime) => iso(time.add({ milliseconds: 1 }));
  if ('last' in when) {
    return { from: iso(present.subtract(span(when.last, when.unit))), until: until(present) };
  }
  if ('next' in when) {
    return { from: iso(present), until: until(present.add(span(when.next, when.unit))) };
  }
  const { from, to } = calendarDays(when);
  const begin = (day: string, days = 0) =>
    iso(Temporal.PlainDate.from(day).add({ days }).toZonedDateTime(timeZone));
  return { from: from && begin(from), until: to && begin(to, 1) };
}

/** Of what has a day and no time. */
export function toDays(when: When, { now, timeZone }: Moment): Days {
  const present = Temporal.PlainDate.from(today({ now, timeZone }));
  if ('last' in when) {
    return {
      from: present.subtract(span(when.last, when.unit)).toString(),
      to: present.toString(),
    };
  }
  if ('next' in when) {
    return { from: present.toString(), to: present.add(span(when.next, when.unit)).toString() };
  }
  return calendarDays(when);
}

export function today({ now, timeZone }: Moment): string {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}

export function dayAfter(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** So many years before now, by that calendar. */
export function yearsAgo(years: number, { now, timeZone }: Moment): string {
  const present = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone,
  );
  return iso(present.subtract({ years }));
}

/** Is this a day of the calendar, `YYYY-MM-DD`, in times that databases and calendars agree on? */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

function calendarDays(when: Exclude<When, { last: number } | { next: number }>): Days {
  if ('on' in when) return { from: when.on, to: when.on };
  if ('before' in when) return { from: null, to: dayAfter(when.before, -1) };
  if ('after' in when) return { from: dayAfter(when.after, 1), to: null };
  return when;
}

const span = (amount: number, unit: Unit): Temporal.DurationLike => ({ [unit]: amount });
const iso = (time: Temporal.ZonedDateTime): string => time.toInstant().toString();
