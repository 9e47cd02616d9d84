import { setTimeout as wait } from 'node:timers/promises';
import type { LearnerEventResults } from '../src/features/contacts/learning/events/learner-events.dto';
import { onGround, peopleOf, seededWith } from './ground';
import { type Bench, type BenchContext, type Comparison, median } from './harness';
import { batchOf, knowLearners, PER_BATCH } from './event-batches';
import type { Product } from './processes';
import { sendCampaign, type Running } from './run-campaign';

const SEEDED = 'bench_events_while_sending';
const AT_ONCE = 4;
/** Events a second: 100 000 in a minute and a half, and as many as the web server takes. */
const STEADY = 1_200;
/** As a provider on the internet; sending is then limited by waiting, as it is outside of benches. */
const DELAY_MS = 150;

/** What of the events of a round were taken: each posted once, none lost. */
interface Posted {
  events: number;
  seconds: number;
}

export const eventsWhileSending: Bench = {
  name: 'events-while-sending',
  title: `Sending while learner events come, ${PER_BATCH} a call, over sending alone`,
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const { postgres } = ground;
      const people = await seededWith(context, { people: peopleOf(context) });
      const learners = await knowLearners(await postgres.create(SEEDED, people));
      const alone: number[] = [];
      const rates = { steady: [] as number[], flatOut: [] as number[] };
      const posted: Posted[] = [];
      const send = async (pace?: number) => {
        const sent = await sendCampaign(ground, {
          seeded: SEEDED,
          delayMs: DELAY_MS,
          ...(pace && {
            beside: async (running, stop) =>
              void posted.push(await post(context, learners, running, stop, pace)),
          }),
        });
        return sent.perSecond;
      };
      for (let round = 0; round < context.rounds; round += 1) {
        context.say(`  round ${round + 1} of ${context.rounds}`);
        const turns = [
          async () => alone.push(await send()),
          async () => rates.steady.push(await send(STEADY)),
          async () => rates.flatOut.push(await send(Infinity)),
        ];
        for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
      }
      const share = median(rates.steady.map((figure, round) => figure / alone[round]!));
      return [
        {
          goal: 'info',
          what: `Sending to a provider that answers after ${DELAY_MS} ms, ${STEADY} events a second beside it`,
          unit: 'recipients/s',
          product: rates.steady,
          baseline: alone,
          target: '≥ 0.8',
          met: share >= 0.8,
        },
        {
          goal: 'info',
          what: `The same with events as fast as they are taken, ${AT_ONCE} calls at a time`,
          unit: 'recipients/s',
          product: rates.flatOut,
          baseline: alone,
        },
        {
          goal: 'info',
          what: 'Events taken beside it, steady and flat out in turn',
          unit: 'events/s',
          product: posted.map(({ events, seconds }) => events / seconds),
        },
      ];
    }),
};

/** Posts until told to stop, and then looks whether all of it is there, once. */
async function post(
  { say }: BenchContext,
  learners: readonly string[],
  { client, web }: Running,
  stop: AbortSignal,
  pace: number,
): Promise<Posted> {
  const begun = performance.now();
  let next = 0;
  const line = async (): Promise<void> => {
    while (!stop.aborted) {
      const batch = next++;
      const due = begun + (batch * PER_BATCH * 1000) / pace;
      if (due > performance.now()) await wait(due - performance.now());
      await take(web, batch, learners);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  const seconds = (performance.now() - begun) / 1000;
  const events = next * PER_BATCH;
  const { rows } = await client.query<{ stored: number; counted: number }>(
    `SELECT (SELECT count(*)::int FROM learner_event) AS stored, (SELECT sum(events)::int FROM learning_month) AS counted`,
  );
  const { stored, counted } = rows[0]!;
  if (stored !== events || counted !== events)
    throw new Error(`of ${events} events ${stored} are here, and ${counted} were counted`);
  say(`    ${events} events in ${seconds.toFixed(1)} s`);
  return { events, seconds };
}

async function take(web: Product, batch: number, people: readonly string[]): Promise<void> {
  const body = { items: batchOf(batch, people) };
  const answer = await web.api<LearnerEventResults>('POST', 'learner-events/batch', body);
  const lost = answer.items.find(({ outcome }) => outcome !== 'stored');
  if (lost) throw new Error(`learner event: ${JSON.stringify(lost)}`);
}
