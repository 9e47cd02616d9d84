import fc from 'fast-check';
import { Client } from 'pg';
import { parseTree } from '../../../src/domain/segment/parse';
import { toSql } from '../../../src/domain/segment/to-sql';
import type { Group } from '../../../src/domain/segment/tree';
import { createTestDatabase, type TestDatabase } from '../../setup/database';
import { ALL_FIELDS, anyRule, anyTree, DECLARED } from './any-tree';
import { type Asking, naiveAnswer } from './naive-answer';
import { NOWS, ZONES } from './population';
import { makePeople, personId, store } from './segment-world';

const AT_ONCE = 50;

interface Asked extends Asking {
  tree: Group;
}

describe('a segment in Postgres', () => {
  const { people, world } = makePeople(120, 7);
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await store(client, people, world);
  });

  afterAll(async () => {
    // What the questions were asked of was written past the triggers.
    await client?.query('SELECT reach_rebuild()');
    await client?.end();
    await database?.drop();
  });

  /** Of each question, the numbers of the people it names. NULL is no answer. */
  async function bySql(asked: readonly Asked[]): Promise<number[][]> {
    const values: unknown[] = [];
    const texts = asked.map(({ tree, ...asking }) => {
      const parsed = parseTree(tree, DECLARED);
      if (!parsed.ok) throw new Error(JSON.stringify([tree, parsed.faults]));
      const sql = toSql(parsed.tree, {
        ...asking,
        attributes: DECLARED,
        segments: world.segments,
        firstParameter: values.length + 1,
      });
      values.push(...sql.values);
      return sql.text;
    });
    const { rows } = await client.query<{ id: string; answers: (boolean | null)[] }>(
      `SELECT r.contact_id AS id, ARRAY[${texts.join(', ')}] AS answers FROM reach r ORDER BY r.contact_id`,
      values,
    );
    expect(rows.map(({ id }) => id)).toEqual(people.map((_, n) => personId(n)));
    expect(rows.filter(({ answers }) => answers.includes(null))).toEqual([]);
    return asked.map((_, q) => rows.flatMap(({ answers }, n) => (answers[q] ? [n] : [])));
  }

  const byHand = ({ tree, ...asking }: Asked): number[] =>
    people.flatMap((one, n) => (naiveAnswer(tree, one, asking, world) ? [n] : []));

  async function compare(asked: readonly Asked[]): Promise<number[][]> {
    const answers: number[][] = [];
    for (let n = 0; n < asked.length; n += AT_ONCE) {
      const some = asked.slice(n, n + AT_ONCE);
      const found = await bySql(some);
      for (const [i, one] of some.entries()) {
        expect({ ...one, people: found[i] }).toEqual({ ...one, people: byHand(one) });
      }
      answers.push(...found);
    }
    return answers;
  }

  const asking = fc.record({ now: fc.constantFrom(...NOWS), timeZone: fc.constantFrom(...ZONES) });
  const questions = (trees: fc.Arbitrary<Group>) =>
    fc.tuple(trees, asking).map(([tree, at]) => ({ tree, ...at }));

  const everyOperator = ALL_FIELDS.flatMap((field) =>
    field.operators.map((op) => [field.key, op, anyRule(field, op)] as const),
  );

  it('says of every field and operator what reading the people one by one says', async () => {
    for (const [key, op, rule] of everyOperator) {
      const one = rule.map((only): Group => ({ match: 'all', rules: [only] }));
      const asked = fc.sample(questions(one), { numRuns: 24, seed: 11 });
      const answers = await compare(asked);
      // A comparison in which nobody ever is, or everybody always, compares nothing.
      const found = new Set(answers.flat()).size;
      expect([key, op, found > 0]).toEqual([key, op, true]);
      const always = answers.every(({ length }) => length === people.length);
      expect([key, op, always]).toEqual([key, op, false]);
    }
  });

  it('says of any tree what reading the people one by one says', async () => {
    await compare(fc.sample(questions(anyTree), { numRuns: 1200, seed: 12 }));
  });
});
