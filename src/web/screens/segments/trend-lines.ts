import type { Answer } from '../../api/client';

export const SHOWN_KINDS = ['enrolled', 'completed'] as const;
type Kind = (typeof SHOWN_KINDS)[number];

/** Of a month, a course or a company. Null: fewer than five, and not told. */
export type TrendLine = { key: string | null; name: string | null } & Record<Kind, number | null>;

/** A line for each; of months also those in which nothing happened. */
export function byKey(
  rows: readonly Answer<'TrendRow'>[],
  months: { from: string; to: string } | null,
): TrendLine[] {
  const lines = new Map<string | null, TrendLine>();
  const lineOf = (key: string | null, name: string | null): TrendLine => {
    const line = lines.get(key) ?? { key, name, enrolled: 0, completed: 0 };
    lines.set(key, line);
    return line;
  };
  if (months) for (const month of monthsBetween(months)) lineOf(month, null);
  for (const { key, name, kind, events } of rows) {
    const shown = SHOWN_KINDS.find((one) => one === kind);
    if (shown) lineOf(key, name)[shown] = events;
  }
  return [...lines.values()];
}

/** The month of the day and so many before it, as `YYYY-MM`. */
export function monthsBack(count: number, day: Date): { from: string; to: string } {
  const first = new Date(Date.UTC(day.getFullYear(), day.getMonth() - count + 1, 1));
  const last = new Date(Date.UTC(day.getFullYear(), day.getMonth(), 1));
  return { from: monthOf(first), to: monthOf(last) };
}

function monthsBetween({ from, to }: { from: string; to: string }): string[] {
  const months: string[] = [];
  const at = new Date(`${from}-01T00:00:00Z`);
  while (monthOf(at) <= to) {
    months.push(monthOf(at));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}

const monthOf = (day: Date): string => day.toISOString().slice(0, 7);
