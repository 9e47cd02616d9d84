import Bull from 'bull';
import type { Kind, Scene } from './nemesis';
import { pause } from './product-process';

/** What callers, webhooks, queues and timers do wrong. */
export const PRODUCT_FAULTS: Kind[] = [
  simple('jobs_repeated', 6, ringManyTimes),
  simple('wrong_reaper', 4, leasesRunOut),
  simple('webhook_copies', 3, ({ rig, dice }) => tellSome({ rig, dice }, { copies: 2 + dice(12) })),
  simple('webhook_out_of_order', 3, ({ rig, dice }) =>
    tellSome({ rig, dice }, { copies: 2, only: 'last' }),
  ),
  {
    // Taken, told, and only then answered: the event is there before the outcome.
    kind: 'webhook_before_outcome',
    weight: 3,
    make: ({ rig, dice }) => {
      const delayMs = 1_500 + dice(2_000);
      return {
        target: 'web',
        locks: ['webhook_before_outcome'],
        run: async () => {
          await rig.provider.next({ kind: 'accept', delayMs });
          for (let waited = 0; waited < 3_000; waited += 250) {
            await pause(250);
            const ids = rig.provider.untold().slice(-200);
            await rig.provider.tell(rig.doors.url, ids, { seed: dice(1_000) });
          }
        },
      };
    },
  },
  storm('opt_out_storm_different', false),
  storm('opt_out_storm_same', true),
  simple('pause_and_resume', 3, async ({ rig, dice }) => {
    const id = rig.campaigns[dice(rig.campaigns.length)];
    if (!id) return;
    const stands = 200 + dice(1_500);
    await rig.doors.api('POST', `/campaigns/${id}/pause`);
    await pause(stands);
    await rig.doors.apiSurely('POST', `/campaigns/${id}/resume`);
  }),
  simple('double_click', 3, async ({ rig, dice }) => {
    const id = rig.campaigns[dice(rig.campaigns.length)];
    if (!id) return;
    const what = ['launch', 'pause', 'resume'][dice(3)]!;
    const click = () => rig.doors.api('POST', `/campaigns/${id}/${what}`, {});
    await Promise.all([click(), click(), click()]);
    await rig.doors.apiSurely('POST', `/campaigns/${id}/resume`);
  }),
];

function simple(kind: string, weight: number, run: (scene: Scene) => Promise<unknown>): Kind {
  return {
    kind,
    weight,
    make: (scene) => ({ target: 'product', locks: [kind], run: () => run(scene) }),
  };
}

function storm(kind: string, same: boolean): Kind {
  return {
    kind,
    weight: 1,
    make: ({ rig, crowd, dice, storm }) => {
      // Everybody must not have left before the end.
      if (storm.left === 0 || rig.campaigns.length === 0) return null;
      storm.left -= 1;
      const first = dice(crowd.people.length);
      const person = (n: number) => crowd.people[(first + n * 7) % crowd.people.length]!;
      return {
        target: 'web',
        locks: [],
        run: () =>
          Promise.all(
            Array.from({ length: storm.size }, (_, n) =>
              rig.doors.optOut(person(same ? 0 : n), null),
            ),
          ),
      };
    },
  };
}

/** The same batches again and again, under other names, whatever their state. */
async function ringManyTimes({ rig, dice }: Scene): Promise<void> {
  const batches = await rig.sql.query<{ id: string }>(
    `SELECT id FROM batch ORDER BY (state = 'DONE'), random() LIMIT 20`,
  );
  const queue = new Bull('sending', `redis://127.0.0.1:${rig.redis.port}`, { prefix: 'utskick' });
  queue.on('error', () => undefined);
  try {
    const jobs = Array.from({ length: 5 }, () => batches).flat();
    await Promise.race([
      queue.addBulk(
        jobs.map(({ id }, n) => ({
          name: 'delivery.hand-over',
          data: { id },
          opts: { jobId: `again-${dice(1e9)}-${n}`, removeOnComplete: true, removeOnFail: true },
        })),
      ),
      pause(3_000),
    ]);
  } finally {
    // It may wait for a Redis that is away; its connections are let go of one way or the other.
    await Promise.race([queue.close(true).catch(() => undefined), pause(1_000)]);
    queue.client.disconnect();
  }
}

/** Leases end long before their time, so the reaper takes from the living. */
async function leasesRunOut({ rig, dice }: Scene): Promise<void> {
  await rig.sql.query(
    `UPDATE batch SET lease_until = clock_timestamp() - interval '1 second'
     WHERE state = 'CLAIMED' AND get_byte(uuid_send(id), 15) % 2 = $1`,
    [dice(2)],
  );
}

async function tellSome(
  { rig, dice }: Pick<Scene, 'rig' | 'dice'>,
  how: { copies: number; only?: 'last' },
): Promise<void> {
  const untold = rig.provider.untold();
  const from = dice(Math.max(1, untold.length - 300));
  await rig.provider.tell(rig.doors.url, untold.slice(from, from + 300), {
    seed: dice(1_000),
    ...how,
  });
}
