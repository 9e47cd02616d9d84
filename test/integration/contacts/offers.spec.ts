import fc from 'fast-check';
import { Client } from 'pg';
import { MOST_OFFERS } from '../../../src/domain/offers/offer';
import { offerCondition, offersFor } from '../../../src/domain/offers/offers-to-sql';
import { createTestDatabase, type TestDatabase } from '../../setup/database';
import { type Course, type Deed, naiveOffers, type Person, type Recommended } from './naive-offers';

const id = (kind: number, n: number) =>
  `00000000-0000-4000-8000-${String(kind)}${String(n).padStart(11, '0')}`;
const EVERYBODY = 'SELECT contact_id, organisation_id FROM reach WHERE profiled';
const AT = '2020-01-01T00:00:00Z';

const course = (n: number) =>
  fc.record({
    id: fc.constant(id(1, n)),
    subject: fc.constantFrom('Excel', 'Spanska', ''),
    level: fc.constantFrom(null, 1, 2, 2, 3),
    archived: fc.constantFrom(false, false, false, true),
    url: fc.constantFrom(
      'https://kurser.example/a',
      'https://kurser.example/b',
      'http://kurser.example/c',
      'https://kurser.example/"><b',
      null,
    ),
  });

// Days, well away from the limits of one and three years.
const days = fc.constantFrom(1, 30, 100, 300, 500, 900, 1_000);
const deed: fc.Arbitrary<Deed> = fc.record({
  course: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 8 }).map((n) => id(1, n)) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  kind: fc.constantFrom('enrolled', 'started', 'completed', 'certificate', 'active'),
  occurred: days,
  received: fc.constantFrom(1, 200, 1_000, 1_200),
});
const person = fc.record({
  organisation: fc.constantFrom(null, id(2, 1), id(2, 1), id(2, 2)),
  toldOf: fc.boolean(),
  profiled: fc.constantFrom(true, true, true, false),
  deeds: fc.array(deed, { maxLength: 6 }),
});

interface World {
  courses: Course[];
  people: Person[];
}
const world: fc.Arbitrary<World> = fc.record({
  courses: fc.tuple(...Array.from({ length: 9 }, (_, n) => course(n))),
  people: fc
    .array(person, { minLength: 1, maxLength: 14 })
    .map((all) => all.map((one, n) => ({ ...one, id: id(3, n) }))),
});

describe('what is recommended', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    // Nothing but what the query reads is written here.
    await client.query('SET session_replication_role = replica');
    for (const n of [1, 2]) {
      await client.query(
        `INSERT INTO organisation (id, name, name_key, created_at, updated_at) VALUES ($1, $2, lower($2), '${AT}', '${AT}')`,
        [id(2, n), `Åkeriet ${n} AB`],
      );
    }
  });
  afterAll(async () => {
    await client?.query('TRUNCATE learner_event, course, contact CASCADE; SELECT reach_rebuild()');
    await client?.end();
    await database?.drop();
  });

  const insert = (table: string, rows: object[], values: string) =>
    client.query(
      `INSERT INTO ${table} SELECT ${values} FROM jsonb_to_recordset($1) AS r(${SHAPE})`,
      [JSON.stringify(rows)],
    );
  const SHAPE =
    'id uuid, subject text, level smallint, archived bool, url text, organisation uuid, profiled bool, course uuid, kind text, occurred int, received int, event text, told bool';

  async function store({ courses, people }: World): Promise<void> {
    await client.query('TRUNCATE learner_event, course, contact CASCADE; DELETE FROM reach');
    await insert(
      'course (id, external_id, name, subject, level, url, archived_at, created_at, updated_at)',
      courses,
      `id, id, id, subject, level, url, CASE WHEN archived THEN now() END, '${AT}', '${AT}'`,
    );
    await insert(
      'reach (contact_id, kinds, language, created_at, organisation_id, profiled)',
      people.map((one) => ({ ...one, told: one.toldOf })),
      `id, 2, 'sv', '${AT}', CASE WHEN NOT told THEN organisation END, profiled`,
    );
    await insert(
      'contact (id, kinds, created_at, updated_at, attested_by)',
      people.map((one) => ({ ...one, told: one.toldOf })),
      `id, '{learner}', '${AT}', '${AT}', (SELECT upper(name) FROM organisation o WHERE told AND o.id = r.organisation)`,
    );
    const deeds = people.flatMap((one) =>
      one.deeds.map((done, n) => ({ ...done, id: one.id, event: `${one.id}-${n}` })),
    );
    await insert(
      'learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)',
      deeds,
      `event, id, course, kind, date_trunc('day', now()) - occurred * interval '1 day',
       date_trunc('day', now()) - received * interval '1 day'`,
    );
  }

  async function bySql(people = EVERYBODY, most = MOST_OFFERS) {
    const { rows } = await client.query<Recommended & { id: string; position: number }>(
      `SELECT contact_id AS id, position, course_id AS course, rule, because_id AS because
       FROM (${offersFor(people, most)}) AS o ORDER BY contact_id, position`,
    );
    const found = new Map<string, Recommended[]>();
    for (const { id: own, position, ...offer } of rows) {
      const before = found.get(own) ?? [];
      expect(position).toBe(before.length + 1);
      found.set(own, [...before, offer]);
    }
    return found;
  }

  const byHand = ({ people, courses }: World) =>
    new Map(
      people
        .map((one) => [one.id, naiveOffers(one, people, courses)] as const)
        .filter(([, offers]) => offers.length > 0),
    );

  async function withOffer(): Promise<string[]> {
    const { rows } = await client.query<{ id: string }>(
      `SELECT contact_id AS id FROM reach r WHERE ${offerCondition().text} ORDER BY 1`,
    );
    return rows.map((row) => row.id);
  }

  it('is the same asked of everybody at once as reading the people one by one', async () => {
    const rules = new Set<string>();
    for (const one of fc.sample(world, { numRuns: 150, seed: 5 })) {
      await store(one);
      const expected = byHand(one);
      expect(await bySql()).toEqual(expected);
      expect(await withOffer()).toEqual([...expected.keys()].sort());
      for (const { rule } of [...expected.values()].flat()) rules.add(rule);
    }
    expect([...rules].sort()).toEqual(['next_level', 'popular', 'same_subject']);
  });

  it('is the same for one person alone as among all, and its beginning when fewer are asked for', async () => {
    for (const one of fc.sample(world, { numRuns: 20, seed: 6 })) {
      await store(one);
      const all = await bySql();
      const two = await bySql(EVERYBODY, 2);
      for (const { id: own } of one.people) {
        const alone = await bySql(`${EVERYBODY} AND contact_id = '${own}'`);
        expect(alone.get(own)).toEqual(all.get(own));
        expect(two.get(own)).toEqual(all.get(own)?.slice(0, 2));
      }
    }
  });

  const excel = (n: number, more: Partial<Course> = {}): Course => ({
    id: id(1, n),
    subject: 'Excel',
    level: n,
    archived: false,
    url: 'https://kurser.example/excel',
    ...more,
  });
  const colleague = (n: number, deeds: Deed[], more: Partial<Person> = {}): Person => ({
    id: id(3, n),
    organisation: id(2, 1),
    toldOf: n % 2 === 0,
    profiled: true,
    deeds,
    ...more,
  });
  const did = (n: number, kind = 'completed', more: Partial<Deed> = {}): Deed => ({
    course: id(1, n),
    kind,
    occurred: 30,
    received: 29,
    ...more,
  });
  const offersTo = async (one: World, n = 0) => {
    await store(one);
    return (await bySql()).get(id(3, n)) ?? [];
  };

  it('goes on to the next level, then to more of the subject, and never below', async () => {
    const courses = [excel(1), excel(2), excel(3), excel(4)];
    const people = [colleague(0, [did(2)])];
    expect(await offersTo({ courses, people })).toEqual([
      { course: id(1, 3), rule: 'next_level', because: id(1, 2) },
      { course: id(1, 4), rule: 'same_subject', because: id(1, 2) },
    ]);
  });

  it('is nothing that is archived, taken in any way, or without an address', async () => {
    const courses = [
      excel(1),
      excel(2, { archived: true }),
      excel(3),
      excel(4, { url: null }),
      excel(5, { url: 'http://kurser.example' }),
    ];
    const people = [colleague(0, [did(1), did(3, 'enrolled')])];
    expect(await offersTo({ courses, people })).toEqual([]);
  });

  it('is nothing to who may not be profiled, nor from what has been kept for three years', async () => {
    const courses = [excel(1), excel(2)];
    const barred = colleague(0, [did(1)], { profiled: false });
    expect(await offersTo({ courses, people: [barred] })).toEqual([]);
    const old = colleague(0, [did(1, 'completed', { received: 1_200 })]);
    expect(await offersTo({ courses, people: [old] })).toEqual([]);
  });

  it('is what at least three colleagues have taken in the last year, of whom those count who may be profiled', async () => {
    const courses = [excel(1)];
    const me = colleague(0, []);
    const people = [1, 2, 3].map((n) => colleague(n, [did(1, 'enrolled')]));
    const popular = [{ course: id(1, 1), rule: 'popular', because: null }];
    expect(await offersTo({ courses, people: [me, ...people] })).toEqual(popular);
    expect(await offersTo({ courses, people: [me, ...people.slice(1)] })).toEqual([]);
    const others: Partial<Person>[] = [
      { profiled: false },
      { organisation: id(2, 2) },
      { organisation: null },
      { deeds: [did(1, 'enrolled', { occurred: 500 })] },
      { deeds: [] },
    ];
    for (const more of others) {
      const third = colleague(3, [did(1)], more);
      expect(await offersTo({ courses, people: [me, ...people.slice(0, 2), third] })).toEqual([]);
    }
  });
});
