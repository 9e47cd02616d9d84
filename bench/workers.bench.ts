import { inTurn, onGround, seededWith } from './ground';
import { median, type Bench, type Comparison } from './harness';
import { sendCampaign } from './run-campaign';

/**
 * What one worker may take of a core. Two workers, PostgreSQL and the sink do not fit on two cores side by
 * side; held back alike and to moments of their own, the workers are what limits, as they are on machines of their
 * own. At a quarter each, two of them already slow each other down where two cores are one with two threads.
 */
const SHARE = 0.15;

export const workers: Bench = {
  name: 'workers',
  title: 'Two workers over one',
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const seeded = await seededWith(context, { people: context.quick ? 10_000 : 30_000 });
      const { product, baseline } = await inTurn(
        context,
        () => sendCampaign(ground, { share: SHARE, seeded, workers: 2 }),
        () => sendCampaign(ground, { share: SHARE, seeded, workers: 1 }),
      );
      const two = product.map(({ perSecond }) => perSecond);
      const one = baseline.map(({ perSecond }) => perSecond);
      const ratio = median(two.map((figure, round) => figure / one[round]!));
      const percent = Math.round(SHARE * 100);
      return [
        {
          goal: '2',
          what: `each worker held to ${percent} % of a core (stopped and continued in turn)`,
          unit: 'recipients/s',
          product: two,
          baseline: one,
          target: '≥ 1.4',
          met: ratio >= 1.4,
        },
      ];
    }),
};
