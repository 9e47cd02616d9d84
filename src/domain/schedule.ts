import { Temporal } from 'temporal-polyfill';

export type ScheduleFault = 'bad_local_time' | 'bad_time_zone' | 'nonexistent_local_time';
export type ScheduledInstant = { ok: true; instant: Date } | { ok: false; code: ScheduleFault };

/** Hours of the day in which something may leave: from `from`, up to but not including `to` (HH:mm). */
export interface DailyWindow {
  from: string;
  to: string;
}

/** P-61: marketing SMS leaves between eight and eight, by the clock in Stockholm. */
export const SMS_WINDOW: DailyWindow = { from: '08:00', to: '20:00' };
export const SWEDISH_TIME = 'Europe/Stockholm';

/** The hours written `HH:mm-HH:mm`; null: the whole day, `00:00-24:00`. */
export function toDailyWindow(written: string): DailyWindow | null {
  const [from, to] = written.split('-') as [string, string];
  if (from === '00:00' && to === '24:00') return null;
  // A window that ends before it begins runs over midnight, so one that ends at midnight may say so.
  return { from, to: to === '24:00' ? '00:00' : to };
}

const LOCAL_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** Is this a zone by name (Europe/Stockholm, UTC)? A fixed offset is not: it forgets daylight saving. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant of a wall-clock time `YYYY-MM-DDTHH:mm`. In the hour that spring skips there is none, and the
 * person is asked again rather than moved; in the hour that autumn repeats it is the first of the two.
 */
export function toInstant(localDateTime: string, timeZone: string): ScheduledInstant {
  if (!isTimeZone(timeZone)) return { ok: false, code: 'bad_time_zone' };
  const local = parseLocal(localDateTime);
  if (local === null) return { ok: false, code: 'bad_local_time' };
  const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (!zoned.toPlainDateTime().equals(local)) return { ok: false, code: 'nonexistent_local_time' };
  return { ok: true, instant: new Date(zoned.epochMilliseconds) };
}

function parseLocal(localDateTime: string): Temporal.PlainDateTime | null {
  if (!LOCAL_DATE_TIME.test(localDateTime)) return null;
  try {
    return Temporal.PlainDateTime.from(localDateTime, { overflow: 'reject' });
  } catch {
    return null;
  }
}

/** The wall-clock time of an instant, `YYYY-MM-DDTHH:mm`. Throws RangeError on an unknown zone. */
export const toLocal = (instant: Date, timeZone: string): string =>
  zonedAt(instant, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });

/** Is the wall clock inside the window? A window that ends before it begins runs over midnight. */
export function inWindow(
  instant: Date,
  window: DailyWindow = SMS_WINDOW,
  timeZone: string = SWEDISH_TIME,
): boolean {
  const time = zonedAt(instant, timeZone).toPlainTime();
  const started = Temporal.PlainTime.compare(time, window.from) >= 0;
  const notEnded = Temporal.PlainTime.compare(time, window.to) < 0;
  return window.from <= window.to ? started && notEnded : started || notEnded;
}

/** The instant itself when inside the window, else when the window next opens. */
export function nextInWindow(
  instant: Date,
  window: DailyWindow = SMS_WINDOW,
  timeZone: string = SWEDISH_TIME,
): Date {
  if (inWindow(instant, window, timeZone)) return instant;
  const now = zonedAt(instant, timeZone);
  const today = now.withPlainTime(window.from);
  const opening =
    Temporal.ZonedDateTime.compare(today, now) >= 0
      ? today
      : now.add({ days: 1 }).withPlainTime(window.from);
  return new Date(opening.epochMilliseconds);
}

/** When the window that holds this instant closes; the instant itself outside it. */
export function windowEnds(
  instant: Date,
  window: DailyWindow = SMS_WINDOW,
  timeZone: string = SWEDISH_TIME,
): Date {
  if (!inWindow(instant, window, timeZone)) return instant;
  const now = zonedAt(instant, timeZone);
  const today = now.withPlainTime(window.to);
  const end =
    Temporal.ZonedDateTime.compare(today, now) > 0
      ? today
      : now.add({ days: 1 }).withPlainTime(window.to);
  return new Date(end.epochMilliseconds);
}

const zonedAt = (instant: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
