import { Conflict, Invalid } from '../../platform/errors';

/** The number somebody typed is the number of people who get it now; above `confirmAbove` there must be one. */
export function requireExpected(
  expected: number | undefined,
  gets: number,
  confirmAbove: number,
): void {
  if (expected === undefined && gets > confirmAbove) {
    const message = 'skriv hur många som får det';
    throw new Invalid('expected_missing', {
      errors: [{ path: 'expected', code: 'expected_missing', message }],
    });
  }
  if (expected !== undefined && expected !== gets) {
    throw new Conflict('audience_changed', { params: { expected, now: gets } });
  }
}
