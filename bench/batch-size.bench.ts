import { onGround, peopleOf, seededWith } from './ground';
import type { Bench, Comparison } from './harness';
import { sendCampaign } from './run-campaign';

const SIZES = [100, 250, 500, 1000];

/** How much the size of a batch, which is also what one lost answer makes unknown, is worth. */
export const batchSize: Bench = {
  name: 'batch-size',
  title: 'Recipients per request: speed against what one lost answer costs',
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const seeded = await seededWith(context, { people: peopleOf(context) });
      const product = new Map<number, number[]>(SIZES.map((size) => [size, []]));
      const bare = new Map<number, number[]>(SIZES.map((size) => [size, []]));
      for (let round = 0; round < context.rounds; round += 1) {
        context.say(`  round ${round + 1} of ${context.rounds}`);
        for (const size of SIZES) {
          const settings = { BATCH_SIZE: String(size) };
          product.get(size)!.push((await sendCampaign(ground, { seeded, settings })).perSecond);
          const order = { recipients: 3 * peopleOf(context), perRequest: size, concurrency: 4 };
          bare.get(size)!.push((await ground.sink.bare(order)).perSecond);
        }
      }
      return SIZES.map((size) => ({
        goal: 'info',
        what: `${size} recipients per request, over the bare loop`,
        unit: 'recipients/s',
        product: product.get(size)!,
        baseline: bare.get(size)!,
      }));
    }),
};
