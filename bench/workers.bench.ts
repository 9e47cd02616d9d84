import { inTurn, onGround, peopleOf, seededWith } from './ground';
import { median, type Bench, type Comparison } from './harness';
import { sendCampaign, type Order } from './run-campaign';

/**
 * What one worker may take of a core. Two workers, PostgreSQL and the sink do not fit on two cores side by
 * side; held back alike, the workers are what limits, as they are on machines of their own.
 */
const SHARE = 0.25;

export const workers: Bench = {
  name: 'workers',
  title: 'Two workers over one',
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const seeded = await seededWith(context, { people: peopleOf(context) });
      const compare = async (what: string, order: Partial<Order>, judged: boolean) => {
        const { product, baseline } = await inTurn(
          context,
          () => sendCampaign(ground, { ...order, seeded, workers: 2 }),
          () => sendCampaign(ground, { ...order, seeded, workers: 1 }),
        );
        const two = product.map(({ perSecond }) => perSecond);
        const one = baseline.map(({ perSecond }) => perSecond);
        const comparison: Comparison = {
          goal: judged ? '2' : 'info',
          what,
          unit: 'recipients/s',
          product: two,
          baseline: one,
        };
        if (!judged) return comparison;
        const ratio = median(two.map((figure, round) => figure / one[round]!));
        return { ...comparison, target: '≥ 1.4', met: ratio >= 1.4 };
      };
      const percent = Math.round(SHARE * 100);
      return [
        await compare(
          `each worker held to ${percent} % of a core (stopped and continued in turn)`,
          { share: SHARE },
          true,
        ),
        await compare('without any limit, on the cores there are', {}, false),
      ];
    }),
};
