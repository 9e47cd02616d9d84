import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { whileTimeLasts } from '../../setup/while-time-lasts';
import { anyAct, leavingAmid } from './acts';
import { Product } from './product';
import { SimulatedRun, Tally } from './simulated-run';
import { STORIES } from './stories';
import { WORSE } from './worse';

// The retries of a worker would take real seconds each; the database keeps all times that decide anything.
jest.mock('node:timers/promises', () => ({
  setTimeout: () => new Promise<void>((resolve) => setImmediate(resolve)),
}));

/**
 * As many as fit into 30 seconds, at most 300, the same each time: who changes something else should not be stopped
 * by chance. `CHAOS_RUNS=2000` for a long look at others without a limit. A failure prints `seed` and `path`: with
 * CHAOS_SEED and CHAOS_PATH it runs again.
 */
const RUNS = Number(process.env.CHAOS_RUNS ?? 300);
const LIMIT_MS = process.env.CHAOS_RUNS ? undefined : 30_000;
const SEED = process.env.CHAOS_SEED ?? (process.env.CHAOS_RUNS ? undefined : 1);
/** A machine that manages fewer shows nothing. */
const FEWEST = 25;
const MOST_COMMANDS = 40;
const again = {
  ...(SEED !== undefined && { seed: Number(SEED) }),
  ...(process.env.CHAOS_PATH && { path: process.env.CHAOS_PATH }),
};

describe('a campaign, its people and everything that can happen', () => {
  let product: Product;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    product = await Product.open();
  });
  afterAll(() => product.close());

  it(
    `loses nothing, sends nothing twice and nothing after a no, in up to ${RUNS} simulations`,
    async () => {
      const tally = new Tally();
      const begun = performance.now();
      const acts = fc.array(anyAct, { minLength: 1, maxLength: MOST_COMMANDS, size: 'max' });
      await fc.assert(
        fc.asyncProperty(
          acts,
          whileTimeLasts(LIMIT_MS, async (commands) => {
            const run = await SimulatedRun.open(product, tally);
            for (const command of commands) await run.step(command);
            await run.settle();
          }),
        ),
        { numRuns: RUNS, ...again },
      );
      expect(tally.runs).toBeGreaterThanOrEqual(Math.min(RUNS, FEWEST));
      report(tally, (performance.now() - begun) / 1000);
    },
    Math.max(300_000, RUNS * 2_000),
  );

  it.each(STORIES)('comes to an end when %s', async (_, story) => {
    const run = await SimulatedRun.open(product, new Tally());
    for (const act of story) await run.step(act);
    await run.settle();
  });
});

describe('a worse product is caught by the same simulations', () => {
  it.each(WORSE)('which %s: %s', async (_, fault, rewrite) => {
    let rewritten = 0;
    const product = await Product.open((sql) => {
      const other = rewrite(sql);
      if (other !== sql) rewritten += 1;
      return other;
    });
    try {
      const property = fc.asyncProperty(leavingAmid, async (commands) => {
        const run = await SimulatedRun.open(product, new Tally());
        for (const command of commands) await run.step(command);
        await run.settle();
      });
      const { failed, errorInstance } = await fc.check(property, {
        numRuns: 200,
        endOnFailure: true,
        seed: 1,
      });
      expect(rewritten).toBeGreaterThan(0);
      expect(failed).toBe(true);
      expect((errorInstance as Error).message).toMatch(fault);
    } finally {
      await product.close();
    }
  });
});

function report(tally: Tally, seconds: number): void {
  const list = (counts: Map<string, number>): string =>
    [...counts]
      .sort()
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  console.log(
    [
      `${tally.runs} simulations in ${seconds.toFixed(0)} s: lost 0, duplicated 0, after opt-out 0`,
      `${tally.requests} requests, ${tally.taken} taken; at the end ${list(tally.states)}`,
      list(tally.acts),
    ].join('\n'),
  );
}
