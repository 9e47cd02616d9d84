import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartRefused } from '../start-refused';

/** Where the embedded server keeps things below DATA_DIR. */
export interface Files {
  readonly directory: string;
  readonly cluster: string;
  readonly password: string;
  readonly info: string;
  readonly log: string;
}

const LOG_LIMIT = 1_000_000;

export function filesIn(dataDir: string): Files {
  const directory = resolve(dataDir);
  return {
    directory,
    cluster: join(directory, 'postgres'),
    password: join(directory, 'postgres.password'),
    info: join(directory, 'postgres.json'),
    log: join(directory, 'postgres.log'),
  };
}

/** The server's password: random, made once, readable by its owner only. */
export function keptPassword(files: Files): string {
  if (!existsSync(files.password)) {
    if (existsSync(files.cluster)) {
      throw new StartRefused(
        `${files.password} is missing, so the database in ${files.cluster} cannot be opened: put it back, or remove both to start empty.`,
      );
    }
    try {
      writeFileSync(files.password, randomBytes(24).toString('base64url'), {
        mode: 0o600,
        flag: 'wx',
      });
    } catch (error) {
      // Two processes may start at once; the first one's password counts.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(files.password, 'utf8').trim();
}

/** Opens the server's log for appending; one that has grown large starts over. */
export function openLog(files: Files): number {
  const large = existsSync(files.log) && statSync(files.log).size > LOG_LIMIT;
  return openSync(files.log, large ? 'w' : 'a', 0o600);
}

/** The last lines of the server's log, for an error message. */
export function endOfLog(files: Files): string {
  const log = openSync(files.log, 'r');
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } finally {
    closeSync(log);
  }
}
