import type { Client } from 'pg';
import { SendGridEvents } from '../test/provider-stub/sendgrid-events';
import { onGround, seededWith } from './ground';
import type { Bench, BenchContext, Comparison } from './harness';
import { launched, withProducts, type Running } from './run-campaign';

const EVENTS_PER_POST = 1_000;
const PATIENCE_SECONDS = 300;

/** What one recipient of one campaign leaves behind in PostgreSQL, in bytes. */
export const bytes: Bench = {
  name: 'bytes',
  title: 'Bytes per recipient in PostgreSQL',
  run: (context) =>
    onGround(context, async (ground) => {
      const seeded = await seededWith(context, { people: context.quick ? 20_000 : 100_000 });
      const events = new SendGridEvents();
      const settings = { SENDGRID_WEBHOOK_PUBLIC_KEY: events.publicKey };
      return withProducts(ground, { seeded, settings }, (running) =>
        measure(context, running, events),
      );
    }),
};

type Sizes = Record<string, number>;

interface State {
  wal: number;
  fullPages: number;
  sizes: Sizes;
}

/** One campaign in three steps: materialised, handed over, every delivery told. */
async function measure(
  { say }: BenchContext,
  { client, web }: Running,
  events: SendGridEvents,
): Promise<Comparison[]> {
  await client.query('CHECKPOINT');
  const states = [await stateOf(client)];
  let materialised: Promise<State> | undefined;
  const { campaignId } = await launched(client, web, {}, undefined, () => {
    // At once; the first batches may already be on their way, which is a thousandth of it.
    materialised = stateOf(client);
  });
  states.push((await materialised)!, await stateOf(client));
  const ids = await sentIn(client, campaignId);
  say(`  ${ids.length} recipients; telling of their delivery`);
  for (let from = 0; from < ids.length; from += EVENTS_PER_POST) {
    const some = ids.slice(from, from + EVENTS_PER_POST);
    const told = some.map((messageId) => events.event('delivered', { messageId }));
    await events.post(`${web.url}/webhooks/sendgrid/events`, told);
  }
  await untilApplied(client);
  states.push(await stateOf(client));

  const each = (figure: number) => figure / ids.length;
  const comparison = (what: string, figure: number, note?: string): Comparison => ({
    goal: 'info',
    what,
    unit: 'bytes per recipient',
    product: [Math.round(each(figure))],
    ...(note && { note }),
  });
  const steps = ['materialising', 'handing over', 'the delivered event'];
  const wal = steps.map((step, n) => {
    const [before, after] = [states[n]!, states[n + 1]!];
    const pages = Math.round(each((after.fullPages - before.fullPages) * 8192));
    const note = `at most ${pages} of it whole pages, the first change after a checkpoint`;
    return comparison(`write-ahead log: ${step}`, after.wal - before.wal, note);
  });
  const [first, last] = [states[0]!.sizes, states.at(-1)!.sizes];
  const tables = Object.keys(last)
    .map((table) => ({ table, grown: last[table]! - (first[table] ?? 0) }))
    .filter(({ grown }) => each(grown) >= 1)
    .sort((a, b) => b.grown - a.grown)
    .map(({ table, grown }) => comparison(`table with its indexes: ${table}`, grown));
  return [...wal, ...tables];
}

/** Partitions count as their table. */
const SIZES = `
SELECT COALESCE(parent.relname, c.relname) AS "table", sum(pg_total_relation_size(c.oid))::float8 AS bytes
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'months'::regnamespace)
GROUP BY 1`;

async function stateOf(client: Client): Promise<State> {
  const { rows: sizes } = await client.query<{ table: string; bytes: number }>(SIZES);
  const { rows: wal } = await client.query<{ wal: number; pages: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal, wal_fpi::float8 AS pages FROM pg_stat_wal`,
  );
  return {
    wal: wal[0]!.wal,
    fullPages: wal[0]!.pages,
    sizes: Object.fromEntries(sizes.map(({ table, bytes: size }) => [table, size])),
  };
}

async function sentIn(client: Client, campaignId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT m.id FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
     WHERE d.campaign_id = $1 AND m.permit_at IS NOT NULL`,
    [campaignId],
  );
  return rows.map(({ id }) => id);
}

async function untilApplied(client: Client): Promise<void> {
  const end = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const { rows } = await client.query<{ left: number }>(
      `SELECT count(*)::int AS left FROM event_slice`,
    );
    if (rows[0]!.left === 0) return;
    if (Date.now() > end) throw new Error(`${rows[0]!.left} slices of events are not applied`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
