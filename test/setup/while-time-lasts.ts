/**
 * The body of a property that runs as often as fits into `limitMs` (none: always) and then passes at once. What
 * has begun comes to its end: fast-check's own limit leaves it running, into the test after it. Once something has
 * failed there is no limit, so that the failure is made small.
 */
export function whileTimeLasts<Args extends unknown[]>(
  limitMs: number | undefined,
  run: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  let end = limitMs === undefined ? Infinity : performance.now() + limitMs;
  return async (...args) => {
    if (performance.now() > end) return;
    try {
      await run(...args);
    } catch (error) {
      end = Infinity;
      throw error;
    }
  };
}
