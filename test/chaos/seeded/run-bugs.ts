import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Violation } from '../checker/violation';
import { RunPostgres, RunRedis } from '../rig/servers';
import { BugWorld, type Servers } from './bug-world';
import { SCENARIOS, type Scenario } from './scenarios';

export interface BugResult {
  scenario: Scenario;
  /** What the checker says of the run with the bug, and of the same run without. */
  bugged: Violation[];
  clean: Violation[];
  /** What kept one of the two from ending. */
  failures: string[];
  seconds: number;
}

/** Each is mostly waiting for a process to start or for a sweep: several side by side cost little more than one. */
const AT_ONCE = 2;

/** All twelve, each with its bug and without. */
export async function runBugs(scenarios: readonly Scenario[] = SCENARIOS): Promise<BugResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'utskick-bugs-'));
  const [postgres, redis] = await Promise.all([
    RunPostgres.start(join(directory, 'postgres')),
    RunRedis.start(directory),
  ]);
  try {
    const todo = scenarios.map((scenario, n) => ({ scenario, n }));
    const results: BugResult[] = [];
    const line = async () => {
      for (let next = todo.shift(); next; next = todo.shift())
        results[next.n] = await runBug({ directory, postgres, redis }, next.scenario, next.n);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
    return results;
  } finally {
    await redis.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The bug did the harm it must, and nothing was found where there was none. */
export const isCaught = ({ scenario, bugged, clean, failures }: BugResult): boolean =>
  bugged.some(({ kind }) => kind === scenario.caughtAs) &&
  clean.length === 0 &&
  failures.length === 0;

async function runBug(servers: Servers, scenario: Scenario, n: number): Promise<BugResult> {
  const begun = Date.now();
  const failures: string[] = [];
  const run = (bugged: boolean) =>
    once(servers, scenario, bugged, 2 * n + Number(bugged)).catch((error: Error) => {
      failures.push(`${bugged ? 'with' : 'without'}: ${error.message}`);
      return [];
    });
  const [bugged, clean] = await Promise.all([run(true), run(false)]);
  const seconds = Math.round((Date.now() - begun) / 1000);
  return { scenario, bugged, clean, failures, seconds };
}

async function once(
  servers: Servers,
  scenario: Scenario,
  bugged: boolean,
  number: number,
): Promise<Violation[]> {
  const bug = bugged && scenario.preload ? scenario.name : null;
  const world = await BugWorld.start(servers, scenario.name, bug, number);
  try {
    await world.ready();
    await scenario.run(world, bugged);
    return (await world.verdict()).violations;
  } finally {
    await world.stop();
  }
}
