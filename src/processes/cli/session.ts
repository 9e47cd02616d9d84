import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Env } from '../../platform/config/env';
import { loadEnv } from '../../platform/config/load-env';
import type { Language } from '../../platform/i18n/i18n';
import { AppModule } from '../app.module';
import { openDatabase } from '../database-url';
import { readySchema } from '../schema';
import type { CliIo } from './io';
import { LocalWork } from './local-work';
import { Terminal } from './terminal';

/** What a command works with. */
export interface Session {
  app: INestApplicationContext;
  env: Env;
  out: Terminal;
  work: LocalWork;
  /** Raised by Ctrl-C: stop waiting, put things in order, end. */
  interrupted: AbortSignal;
}

/** Opens the service's own database and rooms, without its web server, for one command. */
export async function withSession(
  io: CliIo,
  language: Language,
  task: (session: Session) => Promise<void>,
): Promise<void> {
  const env = loadEnv(io.settings);
  const database = await openDatabase(env, true);
  try {
    await readySchema(env, database.url);
    const app = await NestFactory.createApplicationContext(AppModule.with(env, database.url), {
      logger: new ComplaintsOnly(io.stderr),
      abortOnError: false,
    });
    const work = new LocalWork(app);
    const interrupt = onInterrupt();
    try {
      const out = new Terminal(io, language);
      await task({ app, env, out, work, interrupted: interrupt.signal });
    } finally {
      await work.stop();
      await app.close();
      interrupt.forget();
    }
  } finally {
    await database.close();
  }
}

/** The first Ctrl-C asks, the second one ends. */
function onInterrupt(): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    forget: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** Standard output belongs to the command's answer. */
class ComplaintsOnly implements LoggerService {
  constructor(private readonly stderr: CliIo['stderr']) {}

  log(): void {}

  warn(message: unknown): void {
    this.stderr.write(`${String(message)}\n`);
  }

  error(message: unknown): void {
    this.stderr.write(`${String(message)}\n`);
  }
}
