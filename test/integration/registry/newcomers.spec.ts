import fc from 'fast-check';
import type { LedgerAct } from '../../../src/features/registry/ledger/ledger-act';
import { VerifyRegistry } from '../../../src/features/registry/ledger/verify-registry';
import type { Sql } from '../../../src/platform/database/database';
import { until } from '../../setup/until';
import { doubleOptIn, grant, optOut, World } from './world';

/** What a person says at an address of theirs, their own or one that two share; or somebody unknown (4). */
type Say = [kind: 'grant' | 'proven' | 'no', person: number, shared: boolean, topic: number];

describe('people of whom nothing is known yet', () => {
  let world: World;
  let topics: string[];
  let runs = 0;
  beforeAll(async () => {
    world = await World.open();
    topics = [await world.topic('news'), await world.topic('tips')];
  });
  afterAll(() => world.close());

  it('get their gate row written once, as it shall be', async () => {
    const contact = await world.contact('once@example.com', '+46701740605');
    const statements: string[] = [];
    await world.db.tx((tx) =>
      world.registry.record(spied(tx, statements), [
        grant(world.ref('once@example.com'), contact, topics[0]!),
      ]),
    );
    expect(statements.join('\n')).not.toContain('UPDATE gate');
    expect(await world.gate('once@example.com')).toMatchObject({ allowed: [topics[0]], epoch: 1 });
    expect(await world.gate('+46701740605')).toMatchObject({ allowed: [], contact_id: contact });
  });

  it.each([
    ['this very address', (contact: string) => optOut(world.ref(`race@example.com`), contact)],
    ['the address, by nobody we know', () => optOut(world.ref('race@example.com'), null)],
  ])('are weighed like the rest when a no comes in first for %s (G1)', async (_, no) => {
    const contact = await world.contact('race@example.com');
    const result = await heldUp(
      no(contact),
      grant(world.ref('race@example.com'), contact, topics[0]!),
    );
    expect(result).toMatchObject([{ outcome: 'refused' }]);
    expect(await world.gate('race@example.com')).toMatchObject({ allowed: [], no_all: true });
    await world.db.query(`DELETE FROM contact WHERE id = $1`, [contact]);
  });

  it('are bound by a no of somebody else who gets the address meanwhile (L-12)', async () => {
    const contact = await world.contact('shared@example.com');
    const objector = await world.contact('objector@example.com');
    await world.record(optOut(null, objector));
    let recorded: Promise<unknown>;
    await world.db.tx(async (tx) => {
      await tx.query(
        `INSERT INTO address SELECT gen_random_uuid(), $1, channel, value, canonical, address_key, key_version, source
         , source_ref, collected_at FROM address WHERE contact_id = $2`,
        [objector, contact],
      );
      await world.registry.refresh(tx, [objector]);
      recorded = world.record(grant(world.ref('shared@example.com'), contact, topics[0]!));
      await waiting();
    });
    expect(await recorded!).toMatchObject([{ outcome: 'refused' }]);
    expect(await world.gate('shared@example.com')).toMatchObject({ allowed: [], no_all: true });
  });

  it('end as the fold has it, whatever is said of whom in one call', async () => {
    const person = fc.nat({ max: 4 });
    const say: fc.Arbitrary<Say> = fc.tuple(
      fc.constantFrom('grant', 'grant', 'grant', 'proven', 'no'),
      person,
      fc.boolean(),
      fc.nat({ max: 1 }),
    );
    const calls = fc.array(fc.array(say, { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(calls, async (said) => {
        const together = await people();
        for (const call of said) await world.record(...together.acts(call));
        const apart = await people();
        for (const call of said) {
          // In one call a no counts after every yes.
          const yeses = call.filter(([kind]) => kind !== 'no');
          const noes = call.filter(([kind]) => kind === 'no');
          for (const one of [...yeses, ...noes]) await world.record(...apart.acts([one]));
        }
        expect(await together.gates()).toEqual(await apart.gates());
      }),
      { numRuns: 25 },
    );
    expect(await new VerifyRegistry(world.db).database()).toMatchObject({ ok: true });
  });

  /** Four people with an address each, two of them sharing a fifth. */
  async function people() {
    const run = runs++;
    const values = Array.from({ length: 5 }, (_, i) => `p${i}@run${run}.example`);
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await world.contact(values[i]!, ...(i < 2 ? [values[4]!] : [])));
    }
    const toAct = ([kind, person, shared, topic]: Say): LedgerAct => {
      const ref = world.ref(values[shared && person < 2 ? 4 : person]!);
      const contactId = ids[person] ?? null;
      if (kind === 'no') return optOut(ref, contactId);
      return (kind === 'proven' ? doubleOptIn : grant)(ref, contactId, topics[topic]!);
    };
    return {
      acts: (said: Say[]) => said.map(toAct),
      gates: async () => {
        const rows = await Promise.all(values.map((value) => world.gate(value)));
        return rows.map((row) => {
          const { allowed, pending, withdrawn, no_all, no_topics, no_by } = row ?? {};
          return {
            there: row !== undefined,
            allowed,
            pending,
            withdrawn,
            no_all,
            no_topics,
            no_by,
          };
        });
      },
    };
  }

  /** Records `act` while `first` is recorded and not committed yet. */
  async function heldUp(first: LedgerAct, act: LedgerAct) {
    let recorded: Promise<unknown>;
    await world.db.tx(async (tx) => {
      await world.registry.record(tx, [first]);
      recorded = world.record(act);
      await waiting();
    });
    return recorded!;
  }

  const waiting = () =>
    until(
      async () => {
        const [row] = await world.db.query<{ n: number }>(
          `SELECT count(*) AS n FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return row!.n > 0;
      },
      5,
      'somebody waits for a lock',
    );

  const spied = (tx: Sql, statements: string[]): Sql => ({
    query: (text, values) => (statements.push(text), tx.query(text, values)),
  });
});
