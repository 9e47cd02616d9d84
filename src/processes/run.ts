import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { Logger as PinoLogger } from 'nestjs-pino';
import type { Env } from '../platform/config/env';
import { SettingsFault } from '../platform/config/load-env';
import { applyMigrations } from '../platform/database/migrations';
import { Database } from '../platform/database/database';
import { Months } from '../platform/database/months';
import { requireDurability } from '../platform/database/durability';
import { withoutStartupNoise } from '../platform/logging/startup-noise';
import { JobQueue } from '../platform/queues/job-queue';
import { POOLS } from '../platform/queues/jobs';
import { StartRefused } from '../platform/start-refused';
import { AppModule } from './app.module';
import { openDatabase } from './database-url';
import { Demo } from './demo/demo';
import { configureHttp, openApiDocument, serveOpenApi } from './http';
import { jobHandlers } from './jobs';
import { dutiesOf, type Duties, type Role } from './roles';
import { readySchema } from './schema';
import { Timers } from './timers';

/** How long a stop may take before the process ends anyway: a hand-over (12 s) and its outcome (10 s). */
const STOP_SECONDS = 28;

/** Sending can wait; whoever says no on the same machine should not. A third of what others get, when all want all. */
const WORKER_NICENESS = 5;

/** Runs one role until it is told to stop. */
export async function runProcess(env: Env, role: Role, pool?: string): Promise<void> {
  if (pool && !(POOLS as readonly string[]).includes(pool)) {
    throw new SettingsFault([`pool "${pool}" is not one of ${POOLS.join(', ')}`]);
  }
  if ((role === 'worker' || role === 'scheduler') && !env.REDIS_URL) {
    throw new SettingsFault([`REDIS_URL is needed by the role ${role}: nobody would ring for it`]);
  }
  if (role === 'worker') setPriority(WORKER_NICENESS);
  const database = await openDatabase(env, role !== 'all');
  try {
    if (role === 'migrate') {
      const applied = await applyMigrations(database.url);
      process.stdout.write(`Applied ${applied.length} migrations.\n`);
      return await database.close();
    }
    await readySchema(env, database.url);
    const app = await createApp(env, database.url);
    await requireDurability(app.get(Database), env);
    const duties = dutiesOf(role, env, pool);
    await start(app, env, duties);
    stopOnSignal(app, () => database.close());
    await announce(app, env, duties);
  } catch (error) {
    await database.close();
    throw error;
  }
}

export async function createApp(env: Env, url: string): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(env, url), {
    rawBody: true,
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(withoutStartupNoise(app.get(PinoLogger)));
  return app;
}

/** Starts what the process has to do; the web server first, so that a no can be said as soon as possible. */
export async function start(app: NestExpressApplication, env: Env, duties: Duties): Promise<void> {
  configureHttp(app, env, duties.web);
  if (duties.web) serveOpenApi(app);
  await listen(app, env.PORT);
  await app.get(JobQueue).work(jobHandlers(app), duties.pools);
  if (!duties.timers) return;
  await app.get(Months).run();
  app.get(Timers).start(app);
}

async function listen(app: NestExpressApplication, port: number): Promise<void> {
  try {
    await app.listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartRefused(`Port ${port} is taken by another program; set PORT to a free one.`);
  }
}

/** Stops in order: no new requests, timers or jobs; then what is under way; then the connections. */
export async function stop(app: NestExpressApplication): Promise<void> {
  app.getHttpServer().close();
  await app.get(Timers).stop();
  await app.get(JobQueue).stop();
  await app.close();
}

function stopOnSignal(app: NestExpressApplication, after: () => Promise<void>): void {
  const log = new Logger('process');
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_SECONDS * 1000).unref();
    log.log(`${signal}: stopping`);
    stop(app)
      .then(after)
      .then(() => process.exit(0))
      .catch((error: Error) => {
        log.error(error.stack);
        process.exit(1);
      });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function announce(app: NestExpressApplication, env: Env, duties: Duties): Promise<void> {
  if (!duties.web) return new Logger('process').log('ready');
  const lines = env.demo ? await app.get(Demo).load() : [];
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`Utskick is ready: ${env.PUBLIC_URL}\n`);
}

const COMMITTED_OPENAPI = join(__dirname, '..', '..', 'docs', 'openapi.json');

/** Writes the committed OpenAPI document; needs no database that answers. */
export async function writeOpenApi(env: Env, file = COMMITTED_OPENAPI): Promise<void> {
  const app = await createApp(env, 'postgresql://unused@127.0.0.1:1/unused');
  configureHttp(app, env, true);
  writeFileSync(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
  process.stdout.write(`Written to ${file}\n`, () => process.exit(0));
}
