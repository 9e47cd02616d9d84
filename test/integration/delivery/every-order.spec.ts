import { Logger } from '@nestjs/common';
import { Env } from '../../../src/platform/config/env';
import { Permit, type Permitted } from '../../../src/features/delivery/permit';
import { DECIDE, LOCK_GATES } from '../../../src/features/delivery/permit.queries';
import { OptOuts, type OptOutReceipt } from '../../../src/features/registry/opt-outs';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { Metrics } from '../../../src/platform/operations/metrics';
import { World } from '../registry/world';
import { OrderWorlds } from './order-worlds';
import { ordersOf, runInOrder, type Steps } from './step-orders';
import { SteppedDatabase } from './stepped-database';
import { UNSORTED, WORSE_PRODUCTS, type WorseProduct } from './worse-products';

/** One worker's permit in four steps, another's in three, and a no in three: every order of them. */
const STEPS = [4, 3, 3] as const;
const ORDERS = [...ordersOf(STEPS)];
const NO = 2;
/** Worlds at the same time, each with three connections. */
const LANES = 6;

interface Lane {
  workers: [SteppedDatabase, SteppedDatabase];
  web: SteppedDatabase;
  optOuts: OptOuts;
}

interface Race {
  order: string;
  /** How many of the two permits held the leaver's messages. */
  permits: number;
  faults: string[];
}

describe('P-20 F-20 every order of two permits and a no, on PostgreSQL', () => {
  let world: World;
  let worlds: OrderWorlds;
  const lanes: Lane[] = [];
  /** By message: what its permit said, and in which order. */
  const said = new Map<string, { permitted: boolean; order: string }>();

  beforeAll(async () => {
    Logger.overrideLogger(false);
    world = await World.open();
    worlds = new OrderWorlds(world, await world.topic('news'));
    const open = () => {
      const db = new SteppedDatabase({ url: world.env.DATABASE_URL!, pool: 2 });
      // A step waits for those of the other races; that a frozen permit ends is shown by frozen-worker.
      db.patience = 60;
      return db;
    };
    const { registry, tokens, keys } = world;
    const metrics = new Metrics();
    for (let n = 0; n < LANES; n += 1) {
      const web = open();
      const optOuts = new OptOuts(web, registry, tokens, keys, metrics);
      lanes.push({ workers: [open(), open()], web, optOuts });
    }
  }, 60_000);
  afterEach(() => pretend(null));
  afterAll(async () => {
    for (const { workers, web } of lanes) {
      for (const db of [...workers, web]) await db.onModuleDestroy();
    }
    await world.close();
  });

  it('is all there are: 10! / (4! 3! 3!)', () => {
    expect(ORDERS).toHaveLength(4_200);
    expect(new Set(ORDERS.map(String)).size).toBe(4_200);
  });

  it(`fault 23: no permit after the no is acknowledged, no deadlock, no false word, in all ${ORDERS.length} orders`, async () => {
    const races = await race(ORDERS);
    expect(races.flatMap(({ faults }) => faults)).toEqual([]);
    expect(races).toHaveLength(ORDERS.length);
    expect(await falseRows()).toEqual([]);
    // Every end of the race was seen, or it was none: no permit, one, and both before the no.
    const count = [0, 1, 2].map((n) => races.filter(({ permits }) => permits === n).length);
    process.stdout.write(`${races.length} orders: ${count.join(', ')} with 0, 1, 2 permits\n`);
    expect(Math.min(...count)).toBeGreaterThan(ORDERS.length / 20);
  }, 300_000);

  // Each must be caught, or the test above shows nothing.
  it.each(WORSE_PRODUCTS)(
    'sees that a product fails which $name',
    async (product) => {
      pretend(product);
      const races = await race(shuffled(ORDERS), ({ faults }) => faults.length > 0);
      const faults = races.flatMap((one) => one.faults);
      expect(faults).toContainEqual(expect.stringContaining('permit after the no'));
    },
    60_000,
  );

  it(`sees that a product fails which ${UNSORTED.name}`, async () => {
    pretend(UNSORTED);
    const races = await race(shuffled(ORDERS), ({ faults }) => faults.length > 0);
    expect(races.flatMap((one) => one.faults)).toContainEqual(expect.stringContaining('deadlock'));
  }, 60_000);

  function pretend(product: WorseProduct | null): void {
    const itself = (statement: string) => statement;
    for (const { workers, web } of lanes) {
      for (const db of workers) db.rewrite = product?.worker ?? itself;
      web.rewrite = product?.web ?? itself;
    }
  }

  /** Runs the orders, some at a time, until one shows what is looked for. */
  async function race(
    orders: readonly number[][],
    until: (race: Race) => boolean = () => false,
  ): Promise<Race[]> {
    const races: Race[] = [];
    const left = orders.values();
    let found = false;
    await Promise.all(
      lanes.map(async (lane) => {
        for (const order of left) {
          if (found) return;
          const one = await raceOnce(lane, order);
          races.push(one);
          found ||= until(one);
        }
      }),
    );
    return races;
  }

  async function raceOnce(lane: Lane, order: number[]): Promise<Race> {
    const { leaving, batches } = await worlds.take();
    const permitted: (Permitted | Error)[] = [];
    let receipt: OptOutReceipt | Error | undefined;
    const permit = (n: 0 | 1): Steps => ({
      db: lane.workers[n],
      // The first worker's locks are a step of their own.
      pauses: (statement) =>
        statement === null || statement === DECIDE || (n === 0 && statement === LOCK_GATES),
      run: async () => {
        permitted[n] = await new Permit(lane.workers[n], new Env())
          .take(batches[n].request)
          .catch(asError);
      },
    });
    const no: Steps = {
      db: lane.web,
      pauses: (statement) => statement === null || /INSERT INTO ledger_entry/.test(statement),
      run: async () => {
        const source = { door: 'manual_form' as const, actor: RECIPIENT };
        receipt = await lane.optOuts.byAddress('email', leaving, source).catch(asError);
      },
    };
    const ends = await runInOrder(world.db, [permit(0), permit(1), no], order);

    const faults: string[] = [];
    const name = order.join('');
    const fault = (what: string) => faults.push(`${name}: ${what}`);
    if (receipt instanceof Error) fault(`the no failed: ${receipt.message}`);
    const has = batches.map(({ bound, free }, n) => {
      const got = permitted[n]!;
      if (got instanceof Error) {
        fault(`a permit failed: ${got.message}`);
        return 0;
      }
      const count = bound.filter((id) => got.ids.has(id)).length;
      if (count > 0 && ends.indexOf(n) > ends.indexOf(NO)) {
        fault('a permit after the no was acknowledged');
      }
      if (count > 0 && count < bound.length) fault('a no to two addresses withheld one');
      if (!got.ids.has(free)) fault('F-27: one no stopped another person');
      for (const id of [...bound, free]) said.set(id, { permitted: got.ids.has(id), order: name });
      return count;
    });
    const underWay = has.reduce((sum, count) => sum + count, 0);
    // The page tells the person how much is under way: exactly what was permitted before.
    if (!(receipt instanceof Error) && receipt!.handedOver.inFlight !== underWay) {
      fault(`the receipt tells of ${receipt!.handedOver.inFlight} messages, not ${underWay}`);
    }
    return { order: name, permits: has.filter((count) => count > 0).length, faults };
  }

  /** What the rows say must be what the permits said. */
  async function falseRows(): Promise<string[]> {
    const rows = await world.db.query<{ id: string; state: string; reason: string; late: boolean }>(
      `SELECT m.id, m.state, m.reason, EXISTS (SELECT 1 FROM ledger_entry l WHERE l.kind = 'opt_out'
         AND l.address_key = m.address_key AND l.at < m.permit_at) AS late
       FROM message_status m WHERE m.state <> 'PLANNED'`,
    );
    expect(rows).toHaveLength(said.size);
    return rows.flatMap(({ id, state, reason, late }) => {
      const { permitted, order } = said.get(id)!;
      const withheld = state === 'WITHHELD' && reason.startsWith('suppressed');
      if (permitted ? state !== 'HANDED_OVER' : !withheld) return `${order}: ${state}`;
      return permitted && late ? `${order}: a permit after the no was written` : [];
    });
  }
});

const asError = (error: Error): Error => error;

/** The same other order each time: neighbours are much alike, and a fault is found sooner far apart. */
function shuffled(orders: readonly number[][]): number[][] {
  return orders.map((_, n) => orders[(n * 1_009) % orders.length]!);
}
