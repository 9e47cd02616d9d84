import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf, median, type Bench, type BenchContext, type Comparison } from './harness';
import { freePort, listens, SETTINGS } from './processes';

const ROOT = join(__dirname, '..');
const PATIENCE_SECONDS = 120;
const READY = 'Utskick is ready';

interface Started {
  ms: number;
  /** Of the processor, which a restless machine changes less. */
  cpuMs: number;
  /** Milliseconds at which the process had come so far; see start-marks.js. */
  marks: Record<string, number>;
}

/** How long until a process that was just spawned does its work. */
export const startUp: Bench = {
  name: 'start-up',
  title: 'Starting: until it answers',
  async run(context) {
    return [...(await web(context)), await secondStart(context)];
  },
};

async function web(context: BenchContext): Promise<Comparison[]> {
  const { rounds } = context;
  const server = await context.postgres();
  const env = {
    ...SETTINGS,
    EMAIL_CHANNEL: 'sendgrid',
    DATABASE_URL: await server.create('bench_start'),
  };
  const node: number[] = [];
  const nest: Started[] = [];
  const product: Started[] = [];
  // The first of each reads from the disk what the others find in memory.
  for (let round = -1; round < rounds; round += 1) {
    const figures = {
      node: await untilEnded(['-e', '0']),
      nest: await untilAnswering(['bench/bare-nest.js'], {}),
      product: await untilAnswering(['-r', './bench/start-marks.js', 'dist/main.js', 'web'], env),
    };
    context.say(
      `  web ${Math.round(figures.product.ms)} ms, bare Nest ${Math.round(figures.nest.ms)} ms`,
    );
    if (round < 0) continue;
    node.push(figures.node);
    nest.push(figures.nest);
    product.push(figures.product);
  }
  await server.drop('bench_start');
  const whole = product.map(({ ms }) => ms);
  const part = (from: string, to: string) =>
    product.map(({ marks }) => marks[to]! - (marks[from] ?? 0));
  return [
    {
      goal: '12',
      what: 'role web on an external Postgres, until /readyz answers 200 (baseline: a bare Nest app)',
      unit: 'ms',
      product: whole,
      baseline: nest.map(({ ms }) => ms),
      ratio: 'product/baseline',
      target: '< 3 000 ms',
      met: median(whole) < 3_000,
      note: `node -e 0: ${Math.round(median(node))} ms`,
    },
    {
      ...info(
        'processor time of the same',
        product.map(({ cpuMs }) => cpuMs),
      ),
      baseline: nest.map(({ cpuMs }) => cpuMs),
    },
    info('of which Node itself', part('', 'node')),
    info('of which reading modules', part('node', 'modules')),
    info('of which wiring them', part('modules', 'wired')),
    info(
      'of which listening and the first answer',
      product.map(({ ms, marks }) => ms - marks['wired']!),
    ),
  ];
}

async function secondStart(context: BenchContext): Promise<Comparison> {
  const directory = mkdtempSync(join(tmpdir(), 'utskick-start-'));
  const product: number[] = [];
  const baseline: number[] = [];
  try {
    const first = await npmStart(directory);
    context.say(`  npm start, the first time: ${Math.round(first)} ms`);
    for (let round = 0; round < context.rounds; round += 1) {
      baseline.push(await untilEnded(['-e', '0']));
      product.push(await npmStart(directory));
      context.say(`  npm start, again: ${Math.round(product.at(-1)!)} ms`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return {
    goal: '12',
    what: 'npm start, the second time, until it says it is ready (baseline: node -e 0)',
    unit: 'ms',
    product,
    baseline,
    ratio: 'product/baseline',
    target: '< 10 000 ms',
    met: median(product) < 10_000,
    note: 'with set-up checked, embedded Postgres, migrations and demo data looked at',
  };
}

function info(what: string, product: number[]): Comparison {
  return { goal: 'info', what, unit: 'ms', product };
}

async function untilEnded(args: string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - begun;
}

/** Spawns Node and asks until it answers 200. */
async function untilAnswering(args: string[], env: Record<string, string>): Promise<Started> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const marks: Record<string, number> = {};
  createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
    const { name, ms } = JSON.parse(line) as { name: string; ms: number };
    marks[name] = ms;
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() - begun > PATIENCE_SECONDS * 1000)
      throw new Error(`${args.join(' ')} does not answer`);
    await wait(20);
  }
  const ms = performance.now() - begun;
  const cpuMs = cpuOf(child.pid!) * 1000;
  await stop(child);
  return { ms, cpuMs, marks };
}

async function answers(port: number): Promise<boolean> {
  // Asking costs the machine something too: HTTP only once there is somebody to talk to.
  if (!(await listens(port))) return false;
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

/** `npm start` as a person types it, on a data directory of its own. */
async function npmStart(directory: string): Promise<number> {
  const port = String(await freePort());
  const begun = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? directory,
      DATA_DIR: directory,
      PORT: port,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // npm starts a shell that starts Node: all of them end together.
    detached: true,
  });
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGTERM'), PATIENCE_SECONDS * 1000);
  let ms = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes(READY)) continue;
    ms = performance.now() - begun;
    process.kill(-child.pid!, 'SIGTERM');
  }
  clearTimeout(timer);
  if (Number.isNaN(ms)) throw new Error('npm start ended without being ready');
  return ms;
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
