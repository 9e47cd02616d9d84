import { inTurn, onGround, peopleOf, seededWith } from './ground';
import { median, type Bench, type BenchContext, type Comparison } from './harness';
import { sendCampaign, type Ground, type Sent } from './run-campaign';

/** Goal 6: what it costs that nobody is written to after their no. */
export const permit: Bench = {
  name: 'permit',
  title: "The permit's price",
  run: (context) =>
    onGround(context, async (ground) => [
      ...(await withAndWithout(context, ground)),
      ...(await bySizeOfRegistry(context, ground)),
    ]),
};

async function withAndWithout(context: BenchContext, ground: Ground): Promise<Comparison[]> {
  const seeded = await seededWith(context, { people: peopleOf(context) });
  const { product, baseline } = await inTurn(
    context,
    () => sendCampaign(ground, { seeded }),
    () => sendCampaign(ground, { seeded, preload: 'without-permit.js' }),
  );
  const rates = [product, baseline].map((sent) => sent.map(({ perSecond }) => perSecond));
  const ratio = median(rates[0]!.map((rate, round) => rate / rates[1]![round]!));
  return [
    {
      goal: '6',
      what: 'with the permit, over the same without its locks and its look at the gate',
      unit: 'recipients/s',
      product: rates[0]!,
      baseline: rates[1]!,
      target: '≥ 0.8',
      met: ratio >= 0.8,
    },
    {
      goal: 'info',
      what: 'CPU of worker and PostgreSQL per recipient, with the permit over without',
      unit: 'µs',
      product: product.map(cpuEach),
      baseline: baseline.map(cpuEach),
    },
  ];
}

async function bySizeOfRegistry(context: BenchContext, ground: Ground): Promise<Comparison[]> {
  // The audience is in both; what differs is how many others have a row.
  const people = context.quick ? 20_000 : 50_000;
  const strangers = (context.quick ? 500_000 : 5_000_000) - people;
  const small = await seededWith(context, { people });
  const large = await seededWith(context, { people, strangers });
  const { product, baseline } = await inTurn(
    context,
    () => sendCampaign(ground, { seeded: large }),
    () => sendCampaign(ground, { seeded: small }),
  );
  const seconds = [product, baseline].map((sent) => sent.map(({ perSecond }) => 1e6 / perSecond));
  const ratio = median(seconds[0]!.map((figure, round) => figure / seconds[1]![round]!));
  return [
    {
      goal: '6',
      what: `time per recipient with ${people + strangers} addresses in the registry, over ${people}`,
      unit: 'µs',
      product: seconds[0]!,
      baseline: seconds[1]!,
      target: '≤ 1.3',
      met: ratio <= 1.3,
    },
    {
      goal: 'info',
      what: 'CPU of worker and PostgreSQL per recipient, large registry over small',
      unit: 'µs',
      product: product.map(cpuEach),
      baseline: baseline.map(cpuEach),
    },
  ];
}

function cpuEach({ workerMicros, postgresMicros }: Sent): number {
  return workerMicros + postgresMicros;
}
