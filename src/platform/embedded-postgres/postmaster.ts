import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StartRefused } from '../start-refused';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The server that runs on this data directory now, by the lock file PostgreSQL itself keeps there. */
export function findPostmaster(dataDirectory: string): Postmaster | null {
  const lines = readIfThere(lockFile(dataDirectory))?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  // In a restarted container the number of a killed server soon belongs to something else.
  if (basename(programOf(pid)) !== 'postgres') return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** The same once it has made up its mind: ready (returned), or gone (null). Throws after 60 seconds. */
export async function settledPostmaster(dataDirectory: string): Promise<Postmaster | null> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const found = findPostmaster(dataDirectory);
    if (found === null || found.ready) return found;
    await wait(50);
  }
  throw new StartRefused(
    `The PostgreSQL on ${dataDirectory} is neither starting nor stopping; see its log.`,
  );
}

/**
 * Makes a dead server's lock file harmless. PostgreSQL refuses to start while the process number in it
 * is in use, by whomever, but disregards the number of its own parent: us. The file is not removed,
 * because its other lines let PostgreSQL see whether parts of the old server are still at work.
 */
export function disownLock(dataDirectory: string): void {
  const file = lockFile(dataDirectory);
  const text = readIfThere(file);
  if (text === null || findPostmaster(dataDirectory)) return;
  writeFileSync(file, text.replace(/^-?\d*/, String(process.pid)));
}

/** Whether the process still runs; a dead one that nobody has reaped does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Resolves true when the process has ended, false when it still lives after `milliseconds`. */
export async function hasEnded(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await wait(15);
  }
  return true;
}

// In a container without an init process nobody reaps an orphan: dead, yet still in the table.
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat === null || /^\d+ \(.*\) [ZX] /s.test(stat);
}

function programOf(pid: number): string {
  if (process.platform === 'linux') {
    return readIfThere(`/proc/${pid}/cmdline`)?.split('\0')[0] ?? '';
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).trim();
  } catch {
    return ''; // ps answers with an error when the process has just ended
  }
}

function lockFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ESRCH: the process ended between opening its file under /proc and reading it.
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
