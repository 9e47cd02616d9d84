import { bucketOf, MESSAGE_STATES, type MessageState } from '../../../src/domain/message-state';
import { factsOfContact, factsOfKeys } from '../../../src/features/registry/explain.queries';
import { newId } from '../../../src/platform/ids';
import { CHOOSE_FEWER } from '../../../src/features/registry/reduce-mailings';
import { lastSent } from '../../../src/features/registry/sent-lately';
import { World } from './world';

interface Sent {
  contactId: string | null;
  value: string;
  state?: MessageState;
  /** Days since its permit; null: it had none. */
  permit?: number | null;
  /** Days since its run began. */
  run?: number;
  /** Its state is its batch's. */
  inherits?: boolean;
}

describe('what was sent lately to somebody who chose fewer', () => {
  let world: World;
  let people = 0;

  beforeAll(async () => {
    world = await World.open();
    await world.db.query(
      `SELECT months.make_message((date_trunc('month', now()) - make_interval(months => n))::date)
       FROM generate_series(1, 4) AS n`,
    );
  });
  afterAll(() => world.close());

  async function person(...more: string[]): Promise<{ contactId: string; value: string }> {
    const value = `person${(people += 1)}@example.com`;
    const contactId = await world.contact(value, ...more);
    await choose(contactId);
    return { contactId, value };
  }
  const choose = (contactId: string) =>
    world.record({
      ...CHOOSE_FEWER,
      address: null,
      contactId,
      door: 'mina_sidor',
      actor: { type: 'learner', id: contactId },
    });

  async function send(sent: Sent): Promise<void> {
    const { contactId, value, state = 'ACCEPTED', permit = 1, run = permit ?? 1, inherits } = sent;
    const at = permit === null ? null : new Date(Date.now() - permit * 86_400_000);
    const batchId = inherits ? newId() : null;
    if (inherits) {
      await world.db.query(
        `INSERT INTO batch (id, dispatch_id, number, state, message_state, message_reason, permit_at)
         VALUES ($1, $2, 0, 'DONE', $3, $4, $5)`,
        [batchId, newId(), state, state === 'WITHHELD' ? 'paused' : null, at],
      );
    }
    const milliseconds = (Date.now() - run * 86_400_000).toString(16).padStart(12, '0');
    await world.db.query(
      `INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_key, state, reason, permit_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        milliseconds.slice(0, 8) + '-' + milliseconds.slice(8) + newId().slice(13),
        newId(),
        batchId,
        contactId,
        world.ref(value).key,
        inherits ? null : state,
        !inherits && state === 'WITHHELD' ? 'paused' : null,
        inherits ? null : at,
      ],
    );
  }
  const lately = async (contactId: string) =>
    (await factsOfContact(world.db, contactId)).map(({ lastSentAt }) => lastSentAt !== null);

  // A claim is its batch's: no message says of itself that it is claimed.
  const STATES = MESSAGE_STATES.filter((state) => state !== 'CLAIMED');
  const STAYED = ['pending', 'withheld', 'cancelled', 'rejected'];
  /** Told of one message at a time, never of a batch. */
  const OF_ONE: readonly MessageState[] = ['DELIVERED', 'BOUNCED', 'DROPPED', 'EXPIRED'];

  it.each(STATES)('counts one that is %s unless it provably never left', async (state) => {
    const left = !STAYED.includes(bucketOf(state));
    for (const inherits of OF_ONE.includes(state) ? [false] : [false, true]) {
      const one = await person();
      await send({ ...one, state, inherits });
      expect([inherits, await lately(one.contactId)]).toEqual([inherits, [left]]);
    }
  });

  it.each([
    [29.9, true],
    [30.1, false],
  ])('%d days after its permit: %s', async (permit, counts) => {
    const one = await person();
    await send({ ...one, permit });
    expect(await lately(one.contactId)).toEqual([counts]);
  });

  it('goes by the permit, not by the day on which a run began that took two weeks', async () => {
    const one = await person();
    await send({ ...one, permit: 29, run: 43 });
    expect(await lately(one.contactId)).toEqual([true]);
    const other = await person();
    await send({ ...other, permit: null, run: 1 });
    expect(await lately(other.contactId)).toEqual([false]);
  });

  it('tells the latest of several', async () => {
    const one = await person();
    for (const permit of [20, 3, 10]) await send({ ...one, permit });
    const [facts] = await factsOfContact(world.db, one.contactId);
    expect(Math.round((Date.now() - facts!.lastSentAt!.getTime()) / 86_400_000)).toBe(3);
  });

  it('counts for every address of the person what went to one of them, on any channel', async () => {
    const one = await person('+46701740605', `other${people}@example.com`);
    await send({ ...one, value: '+46701740605' });
    expect(await lately(one.contactId)).toEqual([true, true, true]);
  });

  it('counts what went to the address, whoever it was for, and to whom was merged into the person', async () => {
    const one = await person();
    await send({ ...one, contactId: newId() });
    expect(await lately(one.contactId)).toEqual([true]);
    const { contactId: gone, value } = await person();
    const kept = await person();
    await send({ value, contactId: gone });
    expect(await lately(kept.contactId)).toEqual([false]);
    await world.db.query('UPDATE contact SET merged_into_id = $2 WHERE id = $1', [
      gone,
      kept.contactId,
    ]);
    expect(await lately(kept.contactId)).toEqual([true]);
    const { key } = world.ref('ingen@example.com');
    await world.record({
      ...CHOOSE_FEWER,
      address: world.ref('ingen@example.com'),
      contactId: null,
      door: 'preference_page',
      actor: { type: 'recipient', id: null },
    });
    await send({ value: 'ingen@example.com', contactId: null });
    expect(await factsOfKeys(world.db, [key])).toMatchObject([{ lastSentAt: expect.any(Date) }]);
  });

  it('is not asked of who has not chosen fewer: no message is looked up, and of old months none', async () => {
    const [one, other] = [await person(), await person()];
    await send(one);
    await send(other);
    await world.record({
      kind: 'fewer',
      scope: 'all',
      channel: null,
      detail: 'end',
      address: null,
      contactId: other.contactId,
      door: 'mina_sidor',
      actor: { type: 'learner', id: other.contactId },
    });
    expect(await lately(other.contactId)).toEqual([false]);
    expect(await touched(other.value)).toEqual([]);
    const months = await touched(one.value);
    const old = new Date(Date.now() - 120 * 86_400_000).toISOString().slice(0, 7).replace('-', '_');
    expect(months.length).toBeGreaterThan(0);
    expect(months).not.toContain(`message_${old}`);
  });

  /** Months of messages that were really looked into. */
  async function touched(value: string): Promise<string[]> {
    const [row] = await world.db.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) SELECT ${lastSent('g.contact_id')} FROM gate g WHERE g.address_key = $1`,
      [world.ref(value).key],
    );
    return nodesOf(row!['QUERY PLAN'][0]!.Plan)
      .filter((node) => node['Actual Loops'] > 0)
      .flatMap((node) => node['Relation Name'] ?? [])
      .filter((name) => name.startsWith('message_'));
  }
});

interface Node {
  'Relation Name'?: string;
  'Actual Loops': number;
  Plans?: Node[];
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
