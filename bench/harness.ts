import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { applyMigrations } from '../src/platform/database/migrations';
import { EmbeddedPostgres } from '../src/platform/embedded-postgres/embedded-postgres';

/** One comparison: product and baseline measured in turn, in one run. */
export interface Comparison {
  /** '1' … '13', or 'info'. */
  goal: string;
  what: string;
  unit: string;
  /** One figure per round. */
  product: number[];
  /** One figure per round, measured right before or after the product's. */
  baseline?: number[];
  ratio?: 'product/baseline' | 'baseline/product';
  /** What is aimed at, in words; printed beside. */
  target?: string;
  met?: boolean;
  note?: string;
}

export interface Bench {
  name: string;
  title: string;
  run(context: BenchContext): Promise<Comparison[]>;
}

export interface BenchContext {
  rounds: number;
  /** Small sets and short runs: to see that it works, not what it costs. */
  quick: boolean;
  say: (line: string) => void;
  /** The run's own PostgreSQL, started once. */
  postgres(): Promise<BenchPostgres>;
}

export interface BenchPostgres {
  /** A fresh migrated database, or a copy of another one that nobody is connected to; its URL. */
  create(name: string, copyOf?: string): Promise<string>;
  drop(name: string): Promise<void>;
  pid: number;
  /** User and system CPU seconds of the postmaster and all its backends so far. */
  cpuSeconds(): number;
}

export function median(figures: readonly number[]): number {
  if (figures.length === 0) return Number.NaN;
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The figure below which `share` (0…1) of them lie. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Widest distance from lowest to highest, in parts of the median. */
export function swing(figures: readonly number[]): number {
  return (Math.max(...figures) - Math.min(...figures)) / median(figures);
}

/** The ratio of each round. */
export function ratiosOf({ product, baseline, ratio }: Comparison): number[] {
  if (!baseline) return [];
  return product.map((figure, round) =>
    ratio === 'baseline/product' ? baseline[round]! / figure : figure / baseline[round]!,
  );
}

const TICKS_PER_SECOND = 100; // sysconf(_SC_CLK_TCK); Linux has no other value on what Node runs on

/** User and system CPU seconds of a process so far, all its threads; 0 when it is gone. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields ? (fields.user + fields.system) / TICKS_PER_SECOND : 0;
}

/** The most memory a process has held so far, in MB (VmHWM). */
export function rssPeakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

interface Stat {
  parent: number;
  user: number;
  system: number;
  /** Of its children that have ended. */
  gone: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; the third field follows its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number) => Number(fields[field - 3]);
    return { parent: at(4), user: at(14), system: at(15), gone: at(16) + at(17) };
  } catch {
    return null; // it has ended
  }
}

/** CPU seconds of a process and of all its children, living and ended. */
function cpuOfFamily(pid: number): number {
  const own = statOf(pid);
  if (!own) return 0;
  let ticks = own.user + own.system + own.gone;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat?.parent === pid) ticks += stat.user + stat.system;
  }
  return ticks / TICKS_PER_SECOND;
}

const TEMPLATE = 'bench_template';

/** PostgreSQL as `npm start` runs it, with nothing loosened: fsync and synchronous commits are on. */
export class OwnPostgres implements BenchPostgres {
  private readonly directory = mkdtempSync(join(tmpdir(), 'utskick-bench-'));
  private readonly server = new EmbeddedPostgres();
  private url = '';
  pid = 0;
  version = '';

  async start(): Promise<void> {
    process.once('exit', () => this.clear());
    this.url = await this.server.start(this.directory);
    const info = readFileSync(join(this.directory, 'postgres.json'), 'utf8');
    this.pid = (JSON.parse(info) as { pid: number }).pid;
    await this.ask(`CREATE DATABASE ${TEMPLATE}`);
    await applyMigrations(this.urlOf(TEMPLATE));
    this.version = (await this.ask('SHOW server_version'))[0]!['server_version'] as string;
  }

  async create(name: string, copyOf = TEMPLATE): Promise<string> {
    await this.drop(name);
    // Copied as files and with a checkpoint on both sides: nobody pays for it afterwards.
    await this.ask(`CREATE DATABASE "${name}" TEMPLATE "${copyOf}" STRATEGY file_copy`);
    return this.urlOf(name);
  }

  async drop(name: string): Promise<void> {
    await this.ask(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  cpuSeconds(): number {
    return cpuOfFamily(this.pid);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.pid = 0;
  }

  /** Also when the run is broken off. */
  private clear(): void {
    if (this.pid > 0) process.kill(this.pid, 'SIGQUIT');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }

  private urlOf(database: string): string {
    const url = new URL(this.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  private async ask(sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
