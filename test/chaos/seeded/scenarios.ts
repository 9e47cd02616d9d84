import type { ViolationKind } from '../checker/violation';
import { addAddress, keyOf, type Person } from '../rig/people';
import { pause } from '../rig/product-process';
import type { BugWorld } from './bug-world';

export interface Scenario {
  /** The file under bugs/, if it has one. */
  name: string;
  /** Whether the product is changed; else it is an operator's deed. */
  preload: boolean;
  what: string;
  caughtAs: ViolationKind;
  run: (world: BugWorld, bugged: boolean) => Promise<void>;
}

/** For each bug the smallest run in which it must do harm, forced where it would else take luck. */
export const SCENARIOS: Scenario[] = [
  {
    name: 'check-without-lock',
    preload: true,
    what: 'the permit takes no lock on the gate',
    caughtAs: 'after_opt_out',
    run: noDuringPermit,
  },
  {
    name: 'resend-after-timeout',
    preload: true,
    what: 'what got no answer is sent again',
    caughtAs: 'duplicated',
    run: answerLost,
  },
  {
    name: 'reaper-requeues-handed-over',
    preload: true,
    what: 'what a dead worker had handed over is planned again',
    caughtAs: 'duplicated',
    run: async (world) => {
      await world.provider.next({ kind: 'accept_then_hang' });
      await world.launch();
      await world.taken();
      await world.killAndRevive();
    },
  },
  {
    name: 'reaper-deletes-claims',
    preload: true,
    what: 'what a dead worker had claimed is thrown away',
    caughtAs: 'lost',
    run: killedWithClaim,
  },
  {
    name: 'http-retry',
    preload: true,
    what: 'the HTTP layer repeats a request',
    caughtAs: 'duplicated',
    run: answerLost,
  },
  {
    name: 'read-without-claim',
    preload: true,
    what: 'a message is read, sent and then written',
    caughtAs: 'duplicated',
    run: async (world) => {
      await world.provider.setMode({ kind: 'accept', delayMs: 2_000 });
      await world.launch();
      await world.taken();
      await world.ringAgain(3);
    },
  },
  {
    name: 'checkpoint-at-fetch',
    preload: true,
    what: 'progress is noted when a batch is fetched',
    caughtAs: 'lost',
    run: killedWithClaim,
  },
  {
    name: 'for-key-share',
    preload: true,
    what: 'the locks do not conflict',
    caughtAs: 'after_opt_out',
    run: noDuringPermit,
  },
  {
    name: 'no-from-another-table',
    preload: true,
    what: 'the no is read from a table that is not locked',
    caughtAs: 'after_opt_out',
    run: async (world) => {
      const { person } = world;
      await world.launchHeld();
      const letGo = await world.lockGate(person.key);
      const no = world.doors.optOut(person, null);
      await world.waiting(1);
      await world.release();
      await world.waiting(2);
      await letGo();
      await no;
    },
  },
  {
    name: 'no-agreed-order',
    preload: true,
    what: 'gate rows are locked in another order',
    caughtAs: 'deadlock',
    run: twoAddresses,
  },
  {
    name: 'webhook-as-it-comes',
    preload: true,
    what: 'events are taken without order and with copies',
    caughtAs: 'event_order',
    run: async (world) => {
      await world.launch();
      await world.until(
        async () => world.provider.untold().length === world.crowd.people.length,
        'requests',
      );
      const ids = world.provider.untold();
      await world.provider.tell(world.doors.url, ids, { only: 'last' });
      await world.applied();
      await world.provider.tell(world.doors.url, ids, { only: 'first', copies: 3, seed: 5 });
      await world.applied();
    },
  },
  {
    name: 'restore-without-hold',
    preload: false,
    what: 'an old registry is restored and sending goes on',
    caughtAs: 'after_opt_out',
    run: restored,
  },
];

async function answerLost(world: BugWorld): Promise<void> {
  await world.provider.next({ kind: 'accept_then_drop' });
  await world.launch();
  await world.taken();
}

/** A no is said while a permit has decided and not committed: it must wait for it. */
async function noDuringPermit(world: BugWorld): Promise<void> {
  const { person } = world;
  await world.launchHeld();
  const letGo = await world.lockLink(person);
  await world.release();
  await world.waiting(1);
  const no = world.doors.optOut(person, null);
  await Promise.race([no, pause(700)]);
  // Whoever did not wait was answered by now, and the permit is clearly later.
  await pause(50);
  await letGo();
  await no;
}

/** A worker dies with a claim in hand, before its permit. */
async function killedWithClaim(world: BugWorld): Promise<void> {
  const letGo = await world.lockGate(world.person.key);
  await world.launch();
  await world.waitingOrOver();
  await world.killAndRevive(letGo);
}

/** Somebody with three addresses says no while a batch holds the outer two; the middle one keeps them apart. */
async function twoAddresses(world: BugWorld): Promise<void> {
  const { sql, crowd, doors } = world;
  const own = [...crowd.people].sort((a, b) => (a.key < b.key ? -1 : 1));
  const [low, high] = [own[0]!, own.at(-1)!];
  const middle = await between(low, high, (email) => addAddress(sql, high, email));
  await addAddress(sql, high, low.address);
  await sql.query(
    `INSERT INTO gate (address_key, channel, contact_id, allowed, pending, withdrawn, no_topics, updated_at)
     VALUES (decode($1, 'hex'), 'email', $2, '{}', '{}', '{}', '{}', now())`,
    [middle.key, high.contactId],
  );
  await world.launchHeld();
  const letGo = await world.lockGate(middle.key);
  const askedAt = Date.now();
  const no = doors.apiSurely('POST', '/opt-outs', { contactId: high.contactId });
  await world.waiting(1);
  await world.release();
  await world.waiting(2);
  await letGo();
  if ((await no).status !== 200) throw new Error('the no was not taken');
  for (const { key } of [low, high])
    doors.optOuts.push({ address: key, door: 'contact', askedAt, ackedAt: Date.now() });
}

/** An address whose key lies between two others'. */
async function between(
  low: Person,
  high: Person,
  add: (email: string) => Promise<Person>,
): Promise<Person> {
  for (let n = 0; ; n += 1) {
    const email = `mitt.${n}@example.com`;
    const key = keyOf(email).toString('hex');
    if (low.key < key && key < high.key) return add(email);
  }
}

/** Two people leave, and the registry is set back to before that. */
async function restored(world: BugWorld, bugged: boolean): Promise<void> {
  const { sql, crowd, doors } = world;
  const leaving = crowd.people.slice(0, 2);
  await sql.query('CREATE TABLE kept_gate AS SELECT * FROM gate');
  await sql.query('CREATE TABLE kept_ledger AS SELECT * FROM ledger_entry');
  for (const person of leaving) await doors.optOut(person, null);
  if (!bugged) await world.hold();
  await sql.query(`SET session_replication_role = replica;
    DELETE FROM gate; INSERT INTO gate SELECT * FROM kept_gate;
    DELETE FROM ledger_entry; INSERT INTO ledger_entry SELECT * FROM kept_ledger;
    RESET session_replication_role`);
  if (!bugged) {
    // What has been acknowledged since the copy is said again before anything may go.
    for (const person of leaving) await doors.optOut(person, null);
    await world.release();
  }
  await world.launch();
}
