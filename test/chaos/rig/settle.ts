import { pause } from './product-process';
import type { Rig } from './rig';

/** A call that began before the last fault was undone has ended by then: 2 s to start and 10 s to be answered. */
const CALLS_END_MS = 13_000;

/** Waits are real but need not be long: whatever waits for a later try, or for the breaker, comes in a second. */
const HURRY = [
  soon('message', 'retry_at', `state = 'RETRY_WAIT'`),
  soon('batch', 'message_retry_at', `message_state = 'RETRY_WAIT'`),
  soon('batch', 'retry_at', `state = 'PLANNED'`),
  soon('channel_state', 'probe_at', `breaker = 'open'`),
];

/** Time passes for what the dead have left: deadlines of permits older than any call can be, and claims. */
const AGE = [
  past(
    'message',
    'settle_by',
    `state = 'HANDED_OVER' AND permit_at < clock_timestamp() - interval '13 seconds'`,
  ),
  past(
    'batch',
    'settle_by',
    `message_state = 'HANDED_OVER' AND permit_at < clock_timestamp() - interval '13 seconds'`,
  ),
  past(
    'batch',
    'lease_until',
    `state = 'CLAIMED' AND lease_until < clock_timestamp() + interval '20 seconds'`,
  ),
];

function soon(table: string, column: string, where: string): string {
  return `UPDATE ${table} SET ${column} = clock_timestamp() + interval '1 second'
    WHERE ${where} AND ${column} > clock_timestamp() + interval '1 second'`;
}

function past(table: string, column: string, where: string): string {
  return `UPDATE ${table} SET ${column} = clock_timestamp() - interval '1 second'
    WHERE ${where} AND ${column} > clock_timestamp()`;
}

/** Runs beside the faults until told to stop: patience is not what is tested. */
export function hurry(rig: Rig): () => Promise<void> {
  let stopped = false;
  const run = (async () => {
    while (!stopped) {
      for (const statement of HURRY) {
        // While the database is away nothing waits for it either.
        await rig.sql.pool.query(statement).catch(() => undefined);
      }
      await pause(1_500);
    }
  })();
  return async () => {
    stopped = true;
    await run;
  };
}

/** After the faults: everything is whole, all runs go on, all events are told, and everybody is somewhere for good. */
export async function settle(rig: Rig, seconds: number): Promise<void> {
  await rig.startAll();
  const healedAt = Date.now();
  const end = healedAt + seconds * 1000;
  for (const id of rig.campaigns) await rig.doors.apiSurely('POST', `/campaigns/${id}/resume`);
  while (!(await isSettled(rig))) {
    if (Date.now() > end) return; // the checker says what is left
    if (Date.now() > healedAt + CALLS_END_MS) for (const text of AGE) await rig.sql.query(text);
    await rig.provider.tell(rig.doors.url, rig.provider.untold());
    await pause(500);
  }
  // Events may tell of messages that were settled without them; after these nothing moves any more.
  await tellAll(rig, end);
}

async function isSettled(rig: Rig): Promise<boolean> {
  const [row] = await rig.sql.query<{ left: number }>(
    `SELECT (SELECT count(*) FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id
             WHERE c.id = ANY($1::uuid[]) AND d.state IS DISTINCT FROM 'finished')::int AS left`,
    [rig.campaigns],
  );
  return row!.left === 0;
}

async function tellAll(rig: Rig, end: number): Promise<void> {
  for (;;) {
    const untold = rig.provider.untold();
    if (untold.length > 0) await rig.provider.tell(rig.doors.url, untold, { copies: 2, seed: 7 });
    const [row] = await rig.sql.query<{ left: number }>(
      `SELECT count(*)::int AS left FROM event_slice`,
    );
    if ((untold.length === 0 && row!.left === 0) || Date.now() > end) return;
    await pause(300);
  }
}
