import { inTurn, onGround, peopleOf, seededWith } from './ground';
import type { Env } from '../src/platform/config/env';
import { median, ratiosOf, type Bench, type BenchContext, type Comparison } from './harness';
import { sendCampaign, type Ground, type Sent } from './run-campaign';

const DELAY_MS = 150;
/**
 * Batches under way that are tried against the wait. To keep up 30 000/s over 150 ms, nine of 500 must wait
 * while others are worked on.
 */
const JUDGED = 10;
const UNDER_WAY = [4, JUDGED];

export const sending: Bench = {
  name: 'sending',
  title: 'Sending: a campaign from end to end to a SendGrid-shaped sink, everything switched on',
  run: (context) =>
    onGround(context, async (ground) => {
      const seeded = await seededWith(context, { people: peopleOf(context) });
      return [
        ...(await againstBareLoop(context, ground, seeded)),
        ...(await withSlowProvider(context, ground, seeded)),
      ];
    }),
};

/** Goal 1. */
async function againstBareLoop(
  context: BenchContext,
  ground: Ground,
  seeded: string,
): Promise<Comparison[]> {
  const { BATCH_SIZE, SEND_CONCURRENCY } = defaults();
  const { product, baseline } = await inTurn(
    context,
    () => sendCampaign(ground, { seeded }),
    () =>
      ground.sink.bare({
        // Long enough to be a figure; the loop is much faster.
        recipients: 5 * peopleOf(context),
        perRequest: BATCH_SIZE,
        concurrency: SEND_CONCURRENCY,
      }),
  );
  const rate = product.map(({ perSecond }) => perSecond);
  const bare = baseline.map(({ perSecond }) => perSecond);
  const share = median(rate.map((figure, round) => figure / bare[round]!));
  const info = (what: string, unit: string, of: (sent: Sent) => number): Comparison => ({
    goal: 'info',
    what,
    unit,
    product: product.map(of),
  });
  return [
    {
      goal: '1',
      what: `One worker, ${BATCH_SIZE} per request, ${SEND_CONCURRENCY} at a time, from materialised to all final, over the bare loop`,
      unit: 'recipients/s',
      product: rate,
      baseline: bare,
      target: '≥ 0.10 (hope 0.17)',
      met: share >= 0.1,
    },
    info(
      'the same from the launch on, with materialising',
      'recipients/s',
      (sent) => sent.perSecondFromLaunch,
    ),
    {
      ...info(
        'CPU of the worker per recipient, over the bare loop',
        'µs',
        (sent) => sent.workerMicros,
      ),
      baseline: baseline.map(({ micros }) => micros),
    },
    info('CPU of PostgreSQL per recipient', 'µs', (sent) => sent.postgresMicros),
    info('CPU of the sink per recipient', 'µs', (sent) => sent.sinkMicros),
    info('CPU of Redis, web and scheduler per recipient', 'µs', (sent) => sent.otherMicros),
    info('memory of the worker at its peak', 'MB', (sent) => sent.workerPeakMb),
  ];
}

/** Goal 3. */
async function withSlowProvider(
  context: BenchContext,
  ground: Ground,
  seeded: string,
): Promise<Comparison[]> {
  const slow = UNDER_WAY.map(() => [] as number[]);
  const atOnce: number[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`  round ${round + 1} of ${context.rounds}`);
    atOnce.push((await sendCampaign(ground, { seeded })).perSecond);
    for (const [place, underWay] of UNDER_WAY.entries()) {
      const settings = { SEND_CONCURRENCY: String(underWay) };
      const sent = await sendCampaign(ground, { seeded, settings, delayMs: DELAY_MS });
      slow[place]!.push(sent.perSecond);
    }
  }
  return UNDER_WAY.map((underWay, place) => {
    const comparison: Comparison = {
      goal: 'info',
      what: `A provider that answers after ${DELAY_MS} ms, SEND_CONCURRENCY=${underWay}, over one that answers at once`,
      unit: 'recipients/s',
      product: slow[place]!,
      baseline: atOnce,
    };
    if (underWay !== JUDGED) return comparison;
    const met = median(ratiosOf(comparison)) >= 0.8;
    return { ...comparison, goal: '3', target: '≥ 0.8', met };
  });
}

/** The product's own, as it is built: the settings of a round that says nothing else. */
function defaults(): Env {
  const { Env } = require('../dist/platform/config/env') as { Env: new () => Env };
  return new Env();
}
