import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { ApplyEvents } from '../../../src/features/feedback/apply-events';
import { ReceiveEvents } from '../../../src/features/feedback/receive-events';
import { whileTimeLasts } from '../../setup/while-time-lasts';
import { EVENTS } from './acts';
import { castOf, clear, type Cast } from './cast';
import { Product } from './product';

const RUNS = 40;
const LIMIT_MS = 25_000;
const TYPES = [...EVENTS, 'spamreport', 'unsubscribe', 'group_resubscribe'];

/** In which state the messages are when the first event comes: also before our own outcome. */
const BEFORE = ['HANDED_OVER', 'ACCEPTED', 'UNKNOWN', 'NO_EVIDENCE', 'NO_TERMINAL_EVENT'] as const;

interface Delivery {
  message: number;
  type: string;
}

const deliveries = fc.array(
  fc.record({ message: fc.nat({ max: 2 }), type: fc.constantFrom(...TYPES) }),
  { minLength: 1, maxLength: 6 },
);
/** Orders, copies, and how they are cut into posts. */
const arrivals = fc.array(
  fc.record({
    shuffle: fc.infiniteStream(fc.nat()),
    copies: fc.integer({ min: 1, max: 4 }),
    post: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 2, maxLength: 4 },
);

describe('fault 16: a set of provider events', () => {
  let product: Product;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    product = await Product.open();
  });
  afterAll(() => product.close());

  it('P-43 P-45: ends the same in every order, however many copies come and however they are posted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BEFORE),
        deliveries,
        arrivals,
        whileTimeLasts(LIMIT_MS, async (state, set, ways) => {
          const ends: unknown[] = [];
          for (const { shuffle, copies, post } of ways) {
            const keyed = Array.from({ length: copies }, () => set).flat();
            const order = keyed
              .map((delivery) => [shuffle.next().value, delivery] as const)
              .sort(([a], [b]) => a - b)
              .map(([, delivery]) => delivery);
            ends.push(await endOf(state, order, post));
          }
          for (const end of ends.slice(1)) expect(end).toEqual(ends[0]);
        }),
      ),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('ends the same when our own outcome is written before, between or after', async () => {
    const set: Delivery[] = ['processed', 'delivered', 'spamreport'].map((type) => ({
      message: 0,
      type,
    }));
    const ends: unknown[] = [];
    for (let place = 0; place <= set.length; place += 1) {
      const cast = await handedOver('HANDED_OVER');
      await post(cast, set.slice(0, place));
      await product.db.query(
        `UPDATE batch SET message_state = 'ACCEPTED' WHERE message_state = 'HANDED_OVER'`,
      );
      await post(cast, set.slice(place));
      ends.push((await stateOf(cast)).messages[0]);
    }
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(ends[0]).toMatchObject({ state: 'DELIVERED' });
  });

  async function endOf(state: string, order: Delivery[], size: number): Promise<unknown> {
    const cast = await handedOver(state);
    for (let from = 0; from < order.length; from += size) {
      await post(cast, order.slice(from, from + size));
    }
    return stateOf(cast);
  }

  async function handedOver(state: string): Promise<Cast> {
    await clear(product);
    const cast = await castOf(product);
    await product.db.query(
      `UPDATE batch SET state = 'DONE', message_state = $1, permit_at = now(), attempts = 1`,
      [state],
    );
    return cast;
  }

  async function post({ people }: Cast, events: Delivery[]): Promise<void> {
    await product.get(ReceiveEvents).run(
      'sendgrid',
      events.map(({ message, type }) => ({
        providerEventId: `${people[message]!.messageId}-${type}`,
        type: type === 'blocked' ? 'bounce' : type,
        subtype: type === 'blocked' ? 'blocked' : null,
        code: null,
        occurredAt: null,
        messageId: people[message]!.messageId,
        email: people[message]!.addresses.at(-1)!,
      })),
    );
    await product.get(ApplyEvents).run();
  }

  /** What the messages, the ledger and the gate say of each person, without ids and times. */
  async function stateOf({ people }: Cast) {
    const messages = await product.db.query<{ id: string; state: string; eventRank: number }>(
      `SELECT id, state, event_rank AS "eventRank" FROM message_status`,
    );
    const gates = await Promise.all(
      people.map(async ({ addresses }) => {
        const gate = (await product.world.gate(addresses.at(-1)!))!;
        return { noAll: gate.no_all, undeliverable: gate.undeliverable_at !== null };
      }),
    );
    return {
      messages: people.map(({ messageId }) => {
        const { state, eventRank } = messages.find(({ id }) => id === messageId)!;
        return { state, eventRank };
      }),
      gates,
    };
  }
});
