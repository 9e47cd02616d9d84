import fc from 'fast-check';
import { Client } from 'pg';
import {
  decide,
  type FactName,
  GATE_REASONS,
  type GateFacts,
  toSqlCase,
} from '../../../src/domain/gate';
import { createTestDatabase, type TestDatabase } from '../../setup/database';

const NEWS = '0198c0de-0000-7000-8000-000000000001';
const TIPS = '0198c0de-0000-7000-8000-000000000002';
const NOW = new Date('2026-06-01T10:00:00.000Z');
const EARLIER = new Date('2026-06-01T09:59:59.999Z');
const LATER = new Date('2026-06-01T10:00:00.001Z');

const TYPES: Record<FactName, string> = {
  hasGateRow: 'boolean',
  allowed: 'uuid[]',
  pending: 'uuid[]',
  withdrawn: 'uuid[]',
  noAll: 'boolean',
  noTopics: 'uuid[]',
  noBy: 'text',
  pausedUntil: 'timestamptz',
  fewer: 'boolean',
  undeliverableAt: 'timestamptz',
  restricted: 'boolean',
  erased: 'boolean',
  kinds: 'text[]',
  source: 'text',
  minor: 'boolean',
  noticeAt: 'timestamptz',
  attestedAt: 'timestamptz',
  topicId: 'uuid',
  channel: 'text',
  now: 'timestamptz',
  alreadySent: 'boolean',
  sentLately: 'boolean',
  capped: 'boolean',
  dispatchState: 'text',
  windowEnd: 'timestamptz',
  purposeAssessed: 'boolean',
};
const NAMES = Object.keys(TYPES) as FactName[];

type LooseFacts = { [K in FactName]: GateFacts[K] | null };

describe('the gate in Postgres', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  const columns = Object.fromEntries(NAMES.map((name) => [name, `x."${name}"`])) as Record<
    FactName,
    string
  >;
  const record = NAMES.map((name) => `"${name}" ${TYPES[name]}`).join(', ');

  /** The reasons by SQL, in the order of the facts. */
  async function bySql(facts: readonly LooseFacts[]): Promise<(string | null)[]> {
    const rows = facts.map((fact, n) => ({ n, ...fact }));
    const { rows: answers } = await client.query<{ reason: string | null }>(
      `SELECT ${toSqlCase(columns)} AS reason
         FROM jsonb_to_recordset($1::jsonb) AS x (n int, ${record}) ORDER BY n`,
      [JSON.stringify(rows)],
    );
    return answers.map(({ reason }) => reason);
  }

  const byCode = (facts: LooseFacts): string | null => {
    const decision = decide(facts as GateFacts);
    return decision.verdict === 'deny' ? decision.reason : null;
  };

  it('F-21: decides as the code does, for any facts at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFacts(), { minLength: 100, maxLength: 300 }), async (facts) => {
        expect(await bySql(facts)).toEqual(facts.map(byCode));
      }),
      { numRuns: 20 },
    );
  });

  it('threat 35: decides as the code does where facts are NULL, and never yes when one is needed', async () => {
    const optional: FactName[] = [
      'noBy',
      'pausedUntil',
      'undeliverableAt',
      'noticeAt',
      'attestedAt',
      'windowEnd',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFacts('with holes'), { minLength: 100, maxLength: 300 }),
        async (facts) => {
          const answers = await bySql(facts);
          expect(answers).toEqual(facts.map(byCode));
          for (const [i, fact] of facts.entries()) {
            const missing = NAMES.some((name) => fact[name] === null && !optional.includes(name));
            if (missing) expect(answers[i]).not.toBeNull();
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('answers no_ground for an address without a gate row', async () => {
    const [fine] = fc.sample(anyFacts(), { numRuns: 1, seed: 1 }) as [LooseFacts];
    const gone: Partial<LooseFacts> = {
      hasGateRow: false,
      allowed: null,
      pending: null,
      withdrawn: null,
      noAll: null,
      noTopics: null,
      noBy: null,
      pausedUntil: null,
      fewer: null,
      undeliverableAt: null,
      restricted: null,
      erased: null,
    };
    const open = { source: 'newsletter_form', channel: 'email', minor: false } as const;
    expect(await bySql([{ ...fine, ...open, ...gone }])).toEqual(['no_ground']);
  });

  it('reaches every reason, and yes, in these tests', async () => {
    const facts = [anyFacts(), anyFacts('with holes')].flatMap((some) =>
      fc.sample(some, { numRuns: 3000, seed: 1 }),
    );
    const answers = new Set(await bySql(facts));
    expect([...GATE_REASONS, null].filter((reason) => !answers.has(reason))).toEqual([]);
  });
});

/** Facts mostly harmless, so that late reasons are reached too. With holes, one or two are NULL. */
function anyFacts(holes?: 'with holes'): fc.Arbitrary<LooseFacts> {
  const seldom = fc.integer({ min: 0, max: 11 }).map((n) => n === 0);
  const mostly = seldom.map((hit) => !hit);
  const topics = fc.subarray([NEWS, TIPS]);
  const seldomTopics = fc.tuple(seldom, topics).map(([hit, some]) => (hit ? some : []));
  const mostlyTopics = fc.tuple(mostly, topics).map(([hit, some]) => (hit ? [NEWS, TIPS] : some));
  const time = fc.constantFrom(null, EARLIER, NOW, LATER);
  const seldomTime = fc.tuple(seldom, time).map(([hit, some]) => (hit ? some : null));
  const mostlyTime = fc.tuple(mostly, time).map(([hit, some]) => (hit ? EARLIER : some));
  const facts = fc.record<LooseFacts>({
    hasGateRow: mostly,
    allowed: mostlyTopics,
    pending: topics,
    withdrawn: topics,
    noAll: seldom,
    noTopics: seldomTopics,
    noBy: fc.constantFrom(null, 'address', 'person'),
    pausedUntil: seldomTime,
    fewer: seldom,
    undeliverableAt: seldomTime,
    restricted: seldom,
    erased: seldom,
    kinds: fc.subarray(['company_contact', 'learner', 'newsletter_subscriber']),
    source: fc.constantFrom(
      'company_contact',
      'employer_import',
      'newsletter_form',
      'mina_sidor',
      'crm_sync',
      'support',
    ),
    minor: seldom,
    noticeAt: mostlyTime,
    attestedAt: mostlyTime,
    topicId: fc.constantFrom(NEWS, TIPS),
    channel: fc.constantFrom('email', 'email', 'sms'),
    now: fc.constant(NOW),
    alreadySent: seldom,
    sentLately: fc.boolean(),
    capped: seldom,
    dispatchState: fc.constantFrom(
      'running',
      'running',
      'running',
      'paused',
      'cancelled',
      'expired',
    ),
    windowEnd: fc.constantFrom(null, LATER, LATER, NOW, EARLIER),
    purposeAssessed: mostly,
  });
  return fc
    .tuple(facts, fc.constantFrom(...NAMES), fc.constantFrom(...NAMES))
    .map(([all, ...names]) => {
      if (!holes) return all;
      return { ...all, ...Object.fromEntries(names.map((name) => [name, null])) };
    });
}
