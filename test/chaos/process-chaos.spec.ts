import { chaosReport } from './report';
import { runChaos } from './run-chaos';

/** The short form of `npm run chaos`: the same faults on the same processes, for a quarter of a minute. */
describe('F-80 the product under faults', () => {
  it('loses nothing, sends nothing twice and nothing after a no, whatever is killed', async () => {
    const result = await runChaos({
      seed: 80,
      seconds: 15,
      people: 500,
      campaigns: 4,
      optOuts: 200,
      storm: { size: 60, left: 1 },
      batchSize: 20,
      concurrency: 4,
      everyMs: 250,
      settleSeconds: 90,
    });
    const report = chaosReport(result).join('\n');
    expect(`${report}\n${result.verdict.violations.length} violations`).toMatch(/\n0 violations$/);
    expect(result.broken).toEqual([]);
    expect(result.verdict.messages).toBeGreaterThanOrEqual(2_000);
    expect(result.history.optOuts.length).toBeGreaterThanOrEqual(200);
    expect(result.history.faults.length).toBeGreaterThanOrEqual(30);
    expect(new Set(result.history.faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(15);
    // It was no holiday: something was withheld, and something became unknown and was resolved.
    expect(report).toMatch(/WITHHELD=[1-9]/);
    expect(report).toMatch(/[1-9]\d* more were resolved/);
  }, 300_000);
});
