import { Logger } from '@nestjs/common';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { ProviderEvents } from '../../../src/features/delivery/provider-events';
import { ApplyEvents } from '../../../src/features/feedback/apply-events';
import { ReceiveEvents } from '../../../src/features/feedback/receive-events';
import type { IncomingEvent } from '../../../src/features/feedback/incoming-event';
import { StoreEvents } from '../../../src/features/feedback/store-events';
import { Clock } from '../../../src/platform/clock';
import { Months } from '../../../src/platform/database/months';
import { newId } from '../../../src/platform/ids';
import { Metrics } from '../../../src/platform/operations/metrics';
import { InProcessQueue } from '../../../src/platform/queues/in-process.queue';
import { DeliveryWorld, type ClaimedBatch } from '../delivery/delivery-world';

const TOPIC = '01890000-0000-7000-8000-00000000a001';
const DAY = 24 * 3600_000;

describe('events of a provider', () => {
  let world: DeliveryWorld;
  let applying: ApplyEvents;
  let receiving: ReceiveEvents;
  let names = 0;

  beforeAll(async () => {
    world = await DeliveryWorld.open();
    await db().query(
      `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
       VALUES ($1, 'tips', 'Tips', 'Tips', 'R-05', now(), now())`,
      [TOPIC],
    );
    applying = new ApplyEvents(db(), new ProviderEvents(), world.world.registry);
    receiving = received();
  });
  afterAll(() => world.close());
  beforeEach(() => db().query('TRUNCATE provider_event, event_slice'));

  describe('are stored once', () => {
    it('though their copies come in different months: the month is the event’s own', async () => {
      const months = await db().query(
        `SELECT months.of_event('2026-11-30 23:59:59Z', at)::text AS month
         FROM unnest('{2026-11-30 23:59:59.5Z, 2026-12-01 00:00:01Z, 2026-12-02 01:00Z}'::timestamptz[]) AS at`,
      );
      expect(months).toEqual(Array(3).fill({ month: '2026-11-01' }));
    });

    it.each([
      ['none', null],
      ['one of the year 5138', new Date(99_999_999_999_000)],
      ['one of 1970', new Date(1000)],
      ['one of last year', new Date(Date.now() - 365 * DAY)],
      ['one of the day after tomorrow', new Date(Date.now() + 2 * DAY)],
    ])('whatever their time is: %s', async (_, occurredAt) => {
      const event = told('delivered', { occurredAt });
      await receiving.run('sendgrid', [event]);
      await receiving.run('sendgrid', [event]);
      const rows = await db().query(`SELECT month::text FROM provider_event`);
      expect(rows).toEqual([{ month: '1970-01-01' }]);
    });

    it('by their own month while their time can be believed', async () => {
      const occurredAt = new Date(Date.now() - 13 * DAY);
      await receiving.run('sendgrid', [told('delivered', { occurredAt })]);
      const [row] = await db().query(`SELECT month::text FROM provider_event`);
      expect(row).toEqual({ month: `${occurredAt.toISOString().slice(0, 7)}-01` });
    });

    it('also when nobody has made partitions for months', async () => {
      const tables = await db().query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'provider_event'::regclass`,
      );
      for (const { name } of tables) await db().query(`DROP TABLE ${name}`);
      await db().query(`SELECT months.make_provider_event(DATE '1970-01-01')`);
      await receiving.run('sendgrid', [told('delivered', { occurredAt: new Date() })]);
      expect(await stored()).toBe(1);
    });

    it('when the same come by many posts at once, each in another order', async () => {
      const events = Array.from({ length: 300 }, () => told('delivered'));
      const processes = Array.from({ length: 4 }, received);
      await Promise.all(
        processes.flatMap((one, n) =>
          [0, 1, 2].map((turn) => {
            const from = (n * 3 + turn) * 25;
            return one.run('sendgrid', [...events.slice(from), ...events.slice(0, from)].reverse());
          }),
        ),
      );
      expect(await stored()).toBe(300);
    });
  });

  it('are refused one by one when Postgres refuses one of them', async () => {
    const good = Array.from({ length: 40 }, () => [told('delivered')]);
    const bad = [told('delivered', { messageId: 'no UUID' })];
    const answers = await Promise.allSettled(
      [...good.slice(0, 20), bad, ...good.slice(20)].map((post) => receiving.run('sendgrid', post)),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 'rejected')).toEqual([
      'rejected',
    ]);
    expect(answers[20]!.status).toBe('rejected');
    expect(await stored()).toBe(40);
  });

  it('are answered with 503, not kept in memory, when too many wait', async () => {
    const post = () => Array.from({ length: 1000 }, () => told('processed', { messageId: null }));
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, () => receiving.run('sendgrid', post())),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ status: 503, code: 'events_wait' });
    expect(await stored()).toBe(1000 * (60 - refused.length));
  });

  it('wait in slices: those that may hold a no apart, fifty at most', async () => {
    const batch = await accepted(3);
    const [first, second] = batch.people;
    await receiving.run('sendgrid', [
      told('delivered', { messageId: first!.messageId }),
      told('delivered', { messageId: second!.messageId }),
      told('processed', { messageId: null }),
      told('a_type_of_tomorrow'),
      ...Array.from({ length: 120 }, () => told('bounce')),
    ]);
    const slices = await db().query(
      'SELECT acting, events FROM event_slice ORDER BY acting, events DESC',
    );
    expect(slices).toEqual([
      { acting: false, events: 2 },
      { acting: true, events: 50 },
      { acting: true, events: 50 },
      { acting: true, events: 20 },
    ]);
    await applying.run();
    expect(await db().query('SELECT 1 FROM event_slice')).toEqual([]);
  });

  it('leave the row alone when they say no more than the batch, and keep the rest of it inheriting', async () => {
    const [person] = (await accepted(1)).people;
    await receiving.run('sendgrid', [
      told('processed', { messageId: person!.messageId }),
      told('deferred', { messageId: person!.messageId }),
    ]);
    const version = () => db().query('SELECT xmin FROM message WHERE id = $1', [person!.messageId]);
    const before = await version();
    await applying.run();
    expect(await version()).toEqual(before);
    await receiving.run('sendgrid', [told('delivered', { messageId: person!.messageId })]);
    await applying.run();
    expect(await world.message(person!.messageId)).toMatchObject({ state: 'DELIVERED' });
    expect((await world.message(person!.messageId)).permitAt).not.toBeNull();
  });

  it('take what was never handed over to be sent, aloud, and wait for a permit under way', async () => {
    const shouted = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const batch = await world.claimed(TOPIC, [name(), name()]);
    const { messageId } = batch.people[0]!;
    await receiving.run('sendgrid', [told('delivered', { messageId })]);
    let applied = false;
    const ordered = await db().tx(async (tx) => {
      await tx.query('SELECT 1 FROM batch WHERE id = $1 FOR UPDATE', [batch.request.batchId]);
      const run = applying.run().then(() => (applied = true));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(applied).toBe(false);
      return { run };
    });
    await ordered.run;
    expect(await world.message(messageId)).toMatchObject({ state: 'DELIVERED' });
    expect(await world.message(batch.people[1]!.messageId)).toMatchObject({ state: 'PLANNED' });
    expect(shouted.mock.calls.map(([text]) => String(text))).toEqual([
      `message ${messageId}: the provider reports what we never handed over`,
    ]);
    shouted.mockRestore();
  });

  it('that cannot be applied hold nobody else’s back, and are applied when they can', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const [first, poisoned, last] = (await accepted(3)).people;
    for (const { messageId } of [first!, poisoned!, last!])
      await receiving.run('sendgrid', [told('delivered', { messageId })]);
    await db().query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not this one'; END $$`);
    await db().query(`CREATE TRIGGER refuse BEFORE UPDATE ON message FOR EACH ROW
      WHEN (OLD.id = '${poisoned!.messageId}') EXECUTE FUNCTION refuse()`);
    await applying.run();
    const state = async ({ messageId }: { messageId: string }) =>
      (await world.message(messageId)).state;
    expect([await state(first!), await state(poisoned!), await state(last!)]).toEqual([
      'DELIVERED',
      'ACCEPTED',
      'DELIVERED',
    ]);
    await db().query('DROP TRIGGER refuse ON message');
    await applying.run();
    expect(await state(poisoned!)).toBe('DELIVERED');
    jest.restoreAllMocks();
  });

  const db = () => world.world.db;

  /** As another web server would receive. */
  function received(): ReceiveEvents {
    const keys: AddressKeys = world.world.keys;
    const store = new StoreEvents(db(), keys, new Clock(), new Months(db()));
    return new ReceiveEvents(store, new Metrics(), new InProcessQueue());
  }

  function name(): string {
    return `person${(names += 1)}@exempel.example`;
  }

  async function accepted(count: number): Promise<ClaimedBatch> {
    const batch = await world.claimed(TOPIC, Array.from({ length: count }, name));
    await db().query(
      `UPDATE batch SET state = 'DONE', message_state = 'ACCEPTED', permit_token = token, permit_at = now(),
         settle_by = now(), attempts = 1, outcome_at = now() WHERE id = $1`,
      [batch.request.batchId],
    );
    return batch;
  }

  function told(type: string, more: Partial<IncomingEvent> = {}): IncomingEvent {
    return {
      providerEventId: newId(),
      type,
      subtype: null,
      code: null,
      occurredAt: new Date(),
      messageId: newId(),
      email: type === 'bounce' ? name() : null,
      ...more,
    };
  }

  async function stored(): Promise<number> {
    const [row] = await db().query<{ n: number }>('SELECT count(*) AS n FROM provider_event');
    return row!.n;
  }
});
