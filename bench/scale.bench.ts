import { onGround, seededWith } from './ground';
import { median, type Bench, type BenchContext, type Comparison } from './harness';
import { sendCampaign, type Ground, type Sent } from './run-campaign';

const MILLION = 1_000_000;

/** Goal 5: what a recipient costs must not depend on how many there are. */
export const scale: Bench = {
  name: 'scale',
  title: 'Cost per recipient and memory by size of the audience',
  run: (context) =>
    onGround(context, async (ground) => {
      const sizes = context.quick ? [10_000, 50_000] : [10_000, 100_000, MILLION];
      const sent = new Map<number, Sent[]>(sizes.map((size) => [size, []]));
      for (let round = 0; round < context.rounds; round += 1) {
        for (const size of sizes) {
          // Once: it takes minutes, and its own length evens out what others do meanwhile.
          if (size === MILLION && round > 0) continue;
          sent.get(size)!.push(await measure(context, ground, size));
        }
      }
      return compare(sizes, sent);
    }),
};

async function measure(context: BenchContext, ground: Ground, people: number): Promise<Sent> {
  const seeded = await seededWith(context, { people });
  const result = await sendCampaign(ground, { seeded });
  context.say(
    [
      `  ${people} people: ${Math.round(result.perSecond)}/s`,
      `worker ${result.workerMicros.toFixed(1)} µs`,
      `PostgreSQL ${result.postgresMicros.toFixed(1)} µs`,
      `peak ${result.workerPeakMb.toFixed(0)} MB`,
    ].join(', '),
  );
  return result;
}

function compare(sizes: number[], sent: Map<number, Sent[]>): Comparison[] {
  const [small, large] = [sizes[0]!, sizes.at(-1)!];
  const figures: [string, string, (one: Sent) => number, number][] = [
    ['CPU of worker and PostgreSQL per recipient', 'µs', cpuEach, 1.25],
    ['time per recipient', 'µs', ({ perSecond }) => 1e6 / perSecond, 1.25],
    ['memory of the worker at its peak', 'MB', ({ workerPeakMb }) => workerPeakMb, 1.2],
  ];
  return figures.flatMap(([what, unit, of, most]) => {
    const rows = sizes.map((size): Comparison => {
      const product = sent.get(size)!.map(of);
      return { goal: 'info', what: `${what}, ${size} people`, unit, product };
    });
    const product = [median(sent.get(large)!.map(of))];
    const baseline = [median(sent.get(small)!.map(of))];
    const memory = unit === 'MB';
    const met = product[0]! / baseline[0]! <= most && (!memory || product[0]! < 250);
    const judged: Comparison = {
      goal: '5',
      what: `${what}, ${large} over ${small} people (medians)`,
      unit,
      product,
      baseline,
      target: `≤ ${most}${memory ? ' and < 250 MB' : ''}`,
      met,
    };
    return [...rows, judged];
  });
}

function cpuEach({ workerMicros, postgresMicros }: Sent): number {
  return workerMicros + postgresMicros;
}
