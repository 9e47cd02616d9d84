import { existsSync } from 'node:fs';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OwnPostgres, type Bench, type BenchContext, type Comparison } from './harness';
import { asJson, asText } from './print';

/** All there are, in the order they are run in; each file exports one Bench. */
const FILES = [
  'sending',
  'workers',
  'batch-size',
  'scale',
  'permit',
  'opt-outs',
  'smtp',
  'sms',
  'webhooks',
  'imports',
  'learner-events',
  'events-while-sending',
  'screens',
  'counts',
  'segments',
  'materialise',
  'bytes',
  'start-up',
];
const BENCHES = FILES.filter((name) => existsSync(join(__dirname, `${name}.bench.ts`))).map(
  (name) =>
    Object.values(require(`./${name}.bench.ts`) as Record<string, Bench>).find(
      (exported) => typeof exported.run === 'function',
    )!,
);

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const strange = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (strange.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    const names = BENCHES.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`);
    say(`Usage: npm run bench [-- name …] [--rounds 5] [--quick] [--json]\n${names.join('\n')}`);
    process.exitCode = 1;
    return;
  }
  const postgres = new OwnPostgres();
  let started: Promise<void> | null = null;
  const context: BenchContext = {
    rounds,
    quick: values.quick,
    say,
    postgres: async () => {
      await (started ??= postgres.start());
      return postgres;
    },
  };
  const show = (name: string, comparison: Comparison) =>
    print(values.json ? asJson(name, comparison) : asText(comparison));
  try {
    await context.postgres();
    const head = values.json ? say : print;
    head(machine(postgres.version));
    head(`${rounds} rounds${values.quick ? ', quick: small sets, no goal is judged by this' : ''}`);
    for (const bench of BENCHES) {
      if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
      head(`\n${bench.title}`);
      for (const { met, ...comparison } of await bench.run(context)) {
        // A short campaign is mostly start.
        show(bench.name, values.quick ? comparison : { ...comparison, met });
      }
    }
  } finally {
    await postgres.stop();
  }
}

function machine(postgresVersion: string): string {
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return [
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    `${gigabytes(totalmem())} GB memory, ${gigabytes(freemem())} free`,
    `load ${loadavg()[0]!.toFixed(1)}`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${postgresVersion} (embedded)`,
  ].join(' · ');
}

// However it is ended, its own PostgreSQL and processes end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

main().then(
  () => process.exit(),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
