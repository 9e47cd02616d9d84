import fc from 'fast-check';
import type { Audience } from '../../../src/domain/audience';
import { GATE_REASONS } from '../../../src/domain/gate';
import { REACH_NOW } from '../../../src/features/delivery/reach-function';
import { Database } from '../../../src/platform/database/database';
import { newId } from '../../../src/platform/ids';
import { createTestDatabase, REACH_FAULTS, type TestDatabase } from '../../setup/database';
import { asked, counted, KINDS } from './reach-by-heart';

const TOPICS = [newId(), newId(), newId(), newId()];

describe('reach', () => {
  let database: TestDatabase;
  let db: Database;
  let companies: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    db = new Database({ url: database.url, pool: 4 });
    companies = [newId(), newId()];
    await db.query(
      `INSERT INTO organisation (id, name, name_key, created_at, updated_at)
       SELECT id, id::text, id::text, now(), now() FROM unnest($1::uuid[]) AS id`,
      [companies],
    );
    // Numbers may have gaps; the last topic's purpose was assessed too long ago.
    await db.query(
      `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at, number)
       SELECT id, 't' || n, '', '', 'R-05', now() - CASE n WHEN 4 THEN interval '13 months' ELSE '0' END, now(), 2 * n
       FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)`,
      [TOPICS],
    );
  });
  afterAll(async () => {
    await db?.onModuleDestroy();
    await database?.drop();
  });

  it('is written by the rules as they are: a changed rule needs a migration that writes it anew', async () => {
    const [stored] = await db.query<{ prosrc: string }>(
      `SELECT prosrc FROM pg_proc WHERE proname = 'reach_now'`,
    );
    expect(stored!.prosrc.trim()).toBe(REACH_NOW.trim());
  });

  it('F-21: counts people as the gate would, one by one, for whatever is known of them', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(somePeople, someGates, async (people, gates) => {
        await fill(people, gates);
        expect(await db.query(REACH_FAULTS)).toEqual([]);
        expect(await db.query(PROFILED_BUT_HELD)).toEqual([]);
        expect(await db.query(HELD_OTHERWISE)).toEqual([]);
        for (const topic of TOPICS)
          for (const channel of ['email', 'sms'] as const)
            for (const audience of audiences()) {
              const counts = await counted(db, topic, channel, audience);
              expect(counts).toEqual(await asked(db, topic, channel, audience));
              for (const reason of Object.keys(counts)) seen.add(reason);
            }
      }),
      { numRuns: 6 },
    );
    const never = ['campaign_cancelled', 'outside_window', 'ledger_unavailable', 'fewer', 'capped'];
    for (const reason of ['gets it', ...GATE_REASONS.filter((one) => !never.includes(one))])
      expect(seen).toContain(reason);
  });

  it('L-22: lets nobody be profiled who objected anywhere, also at an address they have no more', async () => {
    await fill([plain({ email: 1 }), plain({ email: 2 }), plain({ email: 3, minor: true })]);
    const profiled = () =>
      db.query(`SELECT a.canonical FROM reach r JOIN address a ON a.contact_id = r.contact_id
                WHERE r.profiled AND a.channel = 'email' ORDER BY 1`);
    expect(await profiled()).toEqual([{ canonical: 'email-1' }, { canonical: 'email-2' }]);
    await db.query(
      `INSERT INTO gate (address_key, channel, contact_id, allowed, pending, withdrawn, no_topics, no_all, updated_at)
       SELECT sha256('once theirs'), 'sms', contact_id, '{}', '{}', '{}', '{}', true, now()
       FROM address WHERE canonical = 'email-2'`,
    );
    expect(await profiled()).toEqual([{ canonical: 'email-1' }]);
  });

  it('is whole again after reach_rebuild, whatever it was', async () => {
    await db.query(`UPDATE reach SET email_standing = '-', profiled = true`);
    await db.query(`DELETE FROM reach WHERE contact_id = (SELECT contact_id FROM reach LIMIT 1)`);
    expect(await db.query(REACH_FAULTS)).not.toEqual([]);
    await db.query('SELECT reach_rebuild()');
    expect(await db.query(REACH_FAULTS)).toEqual([]);
  });

  it('leaves nothing waiting when a transaction ends, or is taken back', async () => {
    await db.query(`UPDATE contact SET language = 'fi'`);
    await expect(
      db.tx(async (tx) => {
        await tx.query(`UPDATE contact SET language = 'da'`);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await db.query('SELECT FROM reach_wanted')).toEqual([]);
    expect(await db.query(REACH_FAULTS)).toEqual([]);
  });

  it('is written by index also in a session that began when there was nobody', async () => {
    await fill([]);
    await db.query('ANALYZE reach, address');
    // Plans are kept with the connection.
    const one = new Database({ url: database.url, pool: 1 });
    const reads: unknown[] = [];
    for (let n = 1; n <= 8; n += 1) {
      await one.tx(async (tx) => {
        await tx.query(PEOPLE, [JSON.stringify([plain({ email: n })]), companies]);
        await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
        reads.push(...(await tx.query(READ_WHOLE)));
      });
    }
    await one.onModuleDestroy();
    expect(reads).toEqual([]);
    expect(await db.query(REACH_FAULTS)).toEqual([]);
  });

  /** These people and nobody else. */
  async function fill(people: Person[], gates: Gate[] = []): Promise<void> {
    await db.tx(async (tx) => {
      // What is never deleted is, for once.
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query('TRUNCATE contact, address, gate, ledger_entry, reach');
      await tx.query('SET LOCAL session_replication_role = origin');
      await tx.query(PEOPLE, [JSON.stringify(people), companies]);
      await tx.query(GATES, [JSON.stringify(gates), TOPICS]);
    });
    await db.query(GRANTS, [TOPICS, people.length % 7]);
  }

  function audiences(): Audience[] {
    const everyone: Audience = {
      members: 'everyone',
      kinds: [],
      organisationIds: [],
      languages: [],
      segments: { include: [], exclude: [] },
    };
    return [
      everyone,
      { ...everyone, members: 'topic' },
      { ...everyone, kinds: ['learner', 'support_contact'], languages: ['en'] },
      { ...everyone, members: 'topic', organisationIds: [companies[0]!] },
    ];
  }
});

/** L-22: segments that profile ask only who may be profiled, and leave out whoever is restricted or erased by that. */
const PROFILED_BUT_HELD = `
SELECT r.contact_id FROM reach r JOIN address a USING (contact_id) JOIN gate g USING (address_key)
WHERE r.profiled AND (g.restricted OR g.erased)`;

/** Tables that this transaction has read from one end to the other. */
const READ_WHOLE = `
SELECT relname, seq_scan FROM pg_stat_xact_user_tables
WHERE seq_scan > 0 AND relname IN ('contact', 'address', 'gate', 'ledger_entry', 'reach')`;

/** Held is who is restricted or erased at an address of theirs, or by person. */
const HELD_OTHERWISE = `
SELECT r.contact_id FROM reach r WHERE r.held <> EXISTS (
  SELECT FROM gate g WHERE (g.restricted OR g.erased) AND (g.contact_id = r.contact_id
    OR g.address_key IN (SELECT address_key FROM address a WHERE a.contact_id = r.contact_id)))`;

interface Person {
  id: string;
  kinds: string[];
  language: string;
  company: number;
  /** Whoever handed them over. */
  employer: number;
  minor: boolean;
  noticed: boolean;
  attested: boolean;
  merged: boolean;
  addresses: { channel: string; key: number; source: string; age: number }[];
}

const SOURCES = ['company_contact', 'employer_import', 'newsletter_form', 'support', 'mina_sidor'];
const seldom = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
const mostly = seldom.map((is) => !is);
const key = fc.integer({ min: 0, max: 119 });
const channel = fc.constantFrom('email', 'sms');

const somePeople: fc.Arbitrary<Person[]> = fc.array(
  fc.record({
    id: fc.constant('').map(() => newId()),
    kinds: fc.subarray(KINDS, { minLength: 1 }),
    language: fc.constantFrom('sv', 'en'),
    company: fc.integer({ min: 1, max: 3 }),
    employer: fc.integer({ min: 1, max: 4 }),
    minor: seldom,
    noticed: mostly,
    attested: mostly,
    merged: seldom,
    addresses: fc.uniqueArray(
      fc.record({ channel, key, source: fc.constantFrom(...SOURCES), age: fc.nat(2) }),
      { maxLength: 4, selector: (address) => `${address.channel}${address.key}` },
    ),
  }),
  { minLength: 150, maxLength: 250 },
);

const someTopics = fc.subarray([1, 2, 3, 4]);
const gate = fc.record({
  channel,
  key,
  allowed: someTopics,
  pending: fc.constantFrom([], [2]),
  withdrawn: fc.constantFrom([], [1, 4]),
  noAll: seldom,
  noTopics: fc.constantFrom([], [], [1], [3, 4]),
  noBy: fc.constantFrom('address', 'person'),
  paused: fc.constantFrom(null, null, null, null, '-1 hours', '1 hours'),
  fewer: seldom,
  dead: seldom,
  restricted: seldom,
  erased: seldom,
});
const someGates = fc.uniqueArray(gate, {
  minLength: 150,
  maxLength: 220,
  selector: (one) => `${one.channel}${one.key}`,
});
type Gate = typeof gate extends fc.Arbitrary<infer T> ? T : never;

function plain({ email, minor = false }: { email: number; minor?: boolean }): Person {
  const person = {
    id: newId(),
    kinds: ['learner'],
    language: 'sv',
    company: 3,
    employer: 3,
    minor,
  };
  const addresses = [{ channel: 'email', key: email, source: 'mina_sidor', age: 0 }];
  return { ...person, noticed: true, attested: true, merged: false, addresses };
}

/** $1 people · $2 companies */
const PEOPLE = `
WITH person AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, kinds text[], language text, company int, employer int,
    minor bool, noticed bool, attested bool, merged bool, addresses jsonb)
),
contacts AS (
  INSERT INTO contact (id, kinds, language, organisation_id, employer_id, minor, notice_at, attested_at, merged_into_id,
    created_at, updated_at)
  SELECT id, kinds, language, ($2::uuid[])[company], ($2::uuid[])[employer], minor, CASE WHEN noticed THEN now() END,
    CASE WHEN attested THEN now() END, CASE WHEN merged THEN id END, now(), now() FROM person
)
INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
SELECT new_id(), p.id, a.channel, '', a.channel || '-' || a.key, sha256((a.channel || a.key)::bytea), 1, a.source,
  now() - make_interval(days => a.age)
FROM person p, jsonb_to_recordset(p.addresses) AS a (channel text, key int, source text, age int)`;

const topics = (numbers: string): string =>
  `ARRAY(SELECT ($2::uuid[])[n] FROM unnest(${numbers}) AS n)`;

/** $1 gate rows · $2 topics */
const GATES = `
INSERT INTO gate (address_key, channel, allowed, pending, withdrawn, no_topics, no_all, no_by, paused_until, fewer,
  undeliverable_at, restricted, erased, updated_at)
SELECT sha256((channel || key)::bytea), channel, ${topics('allowed')}, ${topics('pending')},
  ${topics('withdrawn')}, ${topics('"noTopics"')}, "noAll", "noBy", now() + paused, fewer, CASE WHEN dead THEN now() END, restricted, erased, now()
FROM jsonb_to_recordset($1::jsonb) AS g (channel text, key int, allowed int[], pending int[], withdrawn int[],
  "noTopics" int[], "noAll" bool, "noBy" text, paused interval, fewer bool, dead bool, restricted bool, erased bool)`;

/** Some agreed once; what became of it is another matter. $1 topics · $2 a number */
const GRANTS = `
INSERT INTO ledger_entry (id, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground, door,
  actor_type, policy_version)
SELECT new_id(), CASE (a.n + t.n) % 3 WHEN 0 THEN 'grant_pending' WHEN 1 THEN 'grant' ELSE 'withdraw' END, a.channel,
  a.address_key, 1, a.contact_id, 'topic', t.id, 'CONSENT', 'import', 'cli', '2018-04-05'
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM address) AS a,
  unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)
WHERE (a.n + t.n + $2::int) % 4 < 2`;
