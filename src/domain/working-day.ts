import { Temporal } from 'temporal-polyfill';
import { SWEDISH_TIME } from './schedule';

/** Days on which nobody is at work though they are no Sundays; the eves are no holidays by law, but are kept as such. */
const FIXED: readonly string[] = [
  '01-01',
  '01-06',
  '05-01',
  '06-06',
  '12-24',
  '12-25',
  '12-26',
  '12-31',
];

/** The end of the first Swedish working day after the one on which it came in. */
export function endOfNextWorkingDay(at: Date): Date {
  const came = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(SWEDISH_TIME)
    .toPlainDate();
  let day = came.add({ days: 1 });
  while (!isWorkingDay(day)) day = day.add({ days: 1 });
  return new Date(day.add({ days: 1 }).toZonedDateTime(SWEDISH_TIME).epochMilliseconds);
}

function isWorkingDay(day: Temporal.PlainDate): boolean {
  if (day.dayOfWeek > 5 || FIXED.includes(day.toString().slice(5))) return false;
  const sinceEaster = easterSunday(day.year).until(day).days;
  // Good Friday, Easter Monday, Ascension Day.
  if ([-2, 1, 39].includes(sinceEaster)) return false;
  const midsummerEve = day.month === 6 && day.dayOfWeek === 5 && day.day >= 19 && day.day <= 25;
  return !midsummerEve;
}

/** By the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8). */
function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(f / 31), day: (f % 31) + 1 });
}
