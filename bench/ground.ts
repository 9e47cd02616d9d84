import type { BenchContext } from './harness';
import type { Ground } from './run-campaign';
import { seed, type Audience } from './seed';
import { Sink } from './sink-process';

/** People in an ordinary round. */
export function peopleOf({ quick }: BenchContext): number {
  return quick ? 20_000 : 100_000;
}

const seeded = new Set<string>();

/** A database with these people, made once in a run; rounds get copies of it. */
export async function seededWith(context: BenchContext, audience: Audience): Promise<string> {
  const name = `bench_seeded_${audience.people}_${audience.strangers ?? 0}`;
  if (seeded.has(name)) return name;
  context.say(`  seeding ${audience.people} people, ${audience.strangers ?? 0} strangers`);
  const postgres = await context.postgres();
  await seed(await postgres.create(name), audience);
  seeded.add(name);
  return name;
}

/** A sink for the time that the work takes. */
export async function onGround<Result>(
  context: BenchContext,
  work: (ground: Ground) => Promise<Result>,
): Promise<Result> {
  const ground = { postgres: await context.postgres(), sink: await Sink.start() };
  try {
    return await work(ground);
  } finally {
    await ground.sink.stop();
  }
}

/** Does both in turn, so that whatever else the machine does meets both; which is first changes each round. */
export async function inTurn<Product, Baseline>(
  { rounds, say }: BenchContext,
  product: () => Promise<Product>,
  baseline: () => Promise<Baseline>,
): Promise<{ product: Product[]; baseline: Baseline[] }> {
  const figures = { product: [] as Product[], baseline: [] as Baseline[] };
  for (let round = 0; round < rounds; round += 1) {
    say(`  round ${round + 1} of ${rounds}`);
    if (round % 2 === 0) figures.product.push(await product());
    figures.baseline.push(await baseline());
    if (round % 2 === 1) figures.product.push(await product());
  }
  return figures;
}
