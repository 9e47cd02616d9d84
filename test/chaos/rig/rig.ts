import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '../../../src/domain/address';
import type { Fault } from '../checker/history';
import { Doors } from './doors';
import { pause, ProductProcess, ROOT } from './product-process';
import { Provider } from './provider';
import { freePort, RunPostgres, RunRedis, RunSql } from './servers';
import { settings } from './settings';
import { Wire } from './wire';

const PRELOADS = ['clock', 'block'].map((name) => join(ROOT, `test/chaos/preload/${name}.js`));

export interface RigOptions {
  channel?: Channel;
  batchSize: number;
  concurrency: number;
  workers: number;
}

export interface Worker {
  process: ProductProcess;
  database: Wire;
  redis: Wire;
}

type RigParts = Pick<
  Rig,
  | 'directory'
  | 'postgres'
  | 'redis'
  | 'provider'
  | 'sql'
  | 'web'
  | 'schedulers'
  | 'workers'
  | 'doors'
>;

/** The product as it is run for real: web, scheduler and workers, each its own process, on servers of the run's own. */
export class Rig {
  readonly directory: string;
  readonly postgres: RunPostgres;
  readonly redis: RunRedis;
  readonly provider: Provider;
  readonly sql: RunSql;
  readonly web: ProductProcess;
  readonly schedulers: [ProductProcess, ProductProcess];
  readonly workers: Worker[];
  readonly doors: Doors;
  readonly faults: Fault[] = [];
  readonly campaigns: string[] = [];
  readonly startedAt = Date.now();

  private constructor(parts: RigParts) {
    Object.assign(this, parts);
  }

  static async start(options: RigOptions): Promise<Rig> {
    const directory = mkdtempSync(join(tmpdir(), 'utskick-chaos-'));
    const [postgres, redis, provider] = await Promise.all([
      RunPostgres.start(join(directory, 'postgres')),
      RunRedis.start(directory),
      Provider.start(directory, options.channel),
    ]);
    const database = await postgres.createDatabase('chaos');
    const webPort = await freePort();
    const env = {
      ...settings(provider, webPort),
      BATCH_SIZE: String(options.batchSize),
      SEND_CONCURRENCY: String(options.concurrency),
      DATABASE_URL: database,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      PORT: '0',
    };
    const logs = join(directory, 'logs');
    mkdirSync(logs);
    const process = (name: string, role: string[], own: Record<string, string> = {}) =>
      new ProductProcess(name, role, { ...env, ...own }, PRELOADS, logs);
    const workers: Worker[] = [];
    for (let n = 0; n < options.workers; n += 1) {
      const wires = { database: await Wire.to(postgres.port), redis: await Wire.to(redis.port) };
      const worker = process(`worker-${n}`, ['worker'], {
        DATABASE_URL: postgres.urlOf('chaos', wires.database.port),
        REDIS_URL: `redis://127.0.0.1:${wires.redis.port}`,
      });
      workers.push({ process: worker, ...wires });
    }
    const rig = new Rig({
      directory,
      postgres,
      redis,
      provider,
      sql: new RunSql(database),
      // It logs every refusal with its stack; a thousand at once would be most of its work.
      web: process('web', ['web'], { PORT: String(webPort), LOG_LEVEL: 'silent' }),
      schedulers: [process('scheduler-0', ['scheduler']), process('scheduler-1', ['scheduler'])],
      workers,
      doors: new Doors(`http://127.0.0.1:${webPort}`),
    });
    await rig.startAll();
    return rig;
  }

  get processes(): ProductProcess[] {
    return [this.web, ...this.schedulers, ...this.workers.map(({ process }) => process)];
  }

  /** Everybody is up, every wire is in, the provider behaves. */
  async startAll(): Promise<void> {
    for (const { database, redis, process } of this.workers) {
      await database.plugIn();
      await redis.plugIn();
      database.thaw();
      redis.thaw();
      process.signal('SIGCONT');
      process.start();
    }
    this.web.start();
    this.schedulers[0].start();
    await this.provider.setMode({ kind: 'accept' });
    while (!(await this.doors.isReady())) await pause(100);
  }

  async stop(keep = false): Promise<void> {
    this.doors.giveUp();
    await Promise.all(this.processes.map((process) => process.end('SIGKILL')));
    await this.provider.stop();
    for (const { database, redis } of this.workers)
      await Promise.all([database.cut(), redis.cut()]);
    await this.sql.end();
    await this.redis.stop();
    await this.postgres.stop();
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }
}
