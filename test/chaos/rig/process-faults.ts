import Redis from 'ioredis';
import type { Kind, Scene } from './nemesis';
import { pause, type ProductProcess } from './product-process';
import type { Worker } from './rig';

/** A clean stop may take this long by the product's own word (SIGTERM: 28 s). */
const STOP_MS = 30_000;

/** What happens to processes, servers and the wires between them. */
export const PROCESS_FAULTS: Kind[] = [
  worker('kill_worker', 9, ({ process }, { dice }) => {
    const down = 100 + dice(700);
    return () => process.kill(down);
  }),
  worker('freeze_worker', 4, ({ process }, { dice }) => {
    const frozen = 3_000 + dice(5_000);
    return async () => {
      process.signal('SIGSTOP');
      await pause(frozen);
      process.signal('SIGCONT');
    };
  }),
  worker('block_worker', 2, ({ process }) => async () => {
    process.signal('SIGUSR2');
    await pause(4_500);
  }),
  worker('stop_worker', 2, ({ process }) => async () => {
    const took = await process.restart();
    if (took > STOP_MS) throw new Error(`a clean stop took ${Math.round(took)} ms`);
  }),
  worker('clock_of_worker', 1, ({ process }, { dice }) => {
    const offset = [-86_400_000, -3_600_000, 3_600_000, 86_400_000][dice(4)]!;
    return () => process.kill(100, { CHAOS_CLOCK_OFFSET_MS: String(offset) });
  }),
  worker('partition_database_cut', 2, ({ database }, { dice }) => {
    const away = 500 + dice(3_500);
    return async () => {
      await database.cut();
      await pause(away);
      await database.plugIn();
    };
  }),
  worker('partition_database_silent', 2, ({ database }, { dice }) => {
    const away = 1_000 + dice(5_000);
    return async () => {
      database.freeze();
      await pause(away);
      database.thaw();
    };
  }),
  worker('partition_redis', 2, ({ redis }, { dice }) => {
    const away = 500 + dice(5_500);
    return async () => {
      await redis.cut();
      await pause(away);
      await redis.plugIn();
    };
  }),
  worker(
    'commit_lost',
    5,
    ({ database }) =>
      () =>
        database.loseNextCommitReply(3_000),
  ),
  server('postgres_immediate', 1, 'postgres', ({ rig }) => rig.postgres.restartAtOnce(0)),
  server('postgres_away', 1, 'postgres', ({ rig, dice }) =>
    rig.postgres.restartAtOnce(1_000 + dice(4_000)),
  ),
  server('redis_flush', 2, 'redis', async ({ rig }) => {
    const redis = new Redis(rig.redis.port, { maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    await redis.flushall().finally(() => redis.disconnect());
  }),
  server('redis_kill', 1, 'redis', ({ rig, dice }) => rig.redis.kill(dice(3_000))),
  server('kill_web', 1, 'web', ({ rig, dice }) => rig.web.kill(dice(500))),
  server('kill_scheduler', 1, 'scheduler', ({ rig, dice }) => rig.schedulers[0].kill(dice(1_500))),
  server('second_scheduler', 1, 'second scheduler', async ({ rig, dice }) => {
    const second: ProductProcess = rig.schedulers[1];
    const stays = 5_000 + dice(5_000);
    second.start();
    await pause(stays);
    await second.end(dice(2) ? 'SIGTERM' : 'SIGKILL');
  }),
];

function worker(
  kind: string,
  weight: number,
  plan: (worker: Worker, scene: Scene) => () => Promise<unknown>,
): Kind {
  return {
    kind,
    weight,
    make: (scene) => {
      const chosen = scene.rig.workers[scene.dice(scene.rig.workers.length)]!;
      const { name } = chosen.process;
      // What befalls the wires may befall a process that is being killed, too; two of one sort may not meet.
      const sort = /^(partition|commit)/.exec(kind)?.[0] ?? 'process';
      return { target: name, locks: [`${name} ${sort}`], run: plan(chosen, scene) };
    },
  };
}

function server(
  kind: string,
  weight: number,
  lock: string,
  run: (scene: Scene) => Promise<unknown>,
): Kind {
  return {
    kind,
    weight,
    make: (scene) => ({ target: lock, locks: [lock], run: () => run(scene) }),
  };
}
