import { Permit, type Permitted } from '../../../src/features/delivery/permit';
import { OptOuts, type OptOutReceipt } from '../../../src/features/registry/opt-outs';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { Metrics } from '../../../src/platform/operations/metrics';
import { DeliveryWorld } from './delivery-world';
import { interleave, randomFrom } from './interleaving';
import { SteppedDatabase } from './stepped-database';

const RUNS = 100;

interface Race {
  permitted: boolean;
  faults: string[];
}

describe('P-20 F-20 a permit and a no at the same time, on PostgreSQL', () => {
  let delivery: DeliveryWorld;
  let topicId: string;
  let worker: SteppedDatabase;
  let web: SteppedDatabase;
  let count = 0;

  beforeAll(async () => {
    delivery = await DeliveryWorld.open();
    topicId = await delivery.world.topic('news');
    const url = delivery.world.env.DATABASE_URL!;
    worker = new SteppedDatabase({ url, pool: 2 });
    web = new SteppedDatabase({ url, pool: 2 });
  });
  afterEach(() => {
    for (const db of [worker, web]) db.rewrite = (statement) => statement;
  });
  afterAll(async () => {
    await worker.onModuleDestroy();
    await web.onModuleDestroy();
    await delivery.close();
  });

  it(`never commits a permit after the no is acknowledged, in ${RUNS} interleavings`, async () => {
    const races = await raceAll(RUNS);
    expect(races.flatMap(({ faults }) => faults)).toEqual([]);
    // Both ends of the race were seen, or it was none.
    const permitted = races.filter((race) => race.permitted).length;
    expect(permitted).toBeGreaterThan(RUNS / 10);
    expect(permitted).toBeLessThan((RUNS * 9) / 10);
  }, 60_000);

  // What others do, and what looks right: each must be caught, or the test above shows nothing.
  it.each<[string, (statement: string) => string]>([
    ['reads the gate without a lock', (sql) => sql.replace(/FOR SHARE$/, '')],
    ['takes locks that an update does not wait for', weaken],
    ['asks NOT EXISTS (opt-out) instead of the gate', (sql) => withLedger(withoutGateLock(sql))],
    ['locks the gate but reads the no from another table', lockAndReadElsewhere],
    ['decides once, when the batch is planned', (sql) => withReason(sql, 'NULL::text')],
  ])(
    'sees that a product fails which %s',
    async (_, rewrite) => {
      worker.rewrite = rewrite;
      if (rewrite === weaken) web.rewrite = weaken;
      const races = await raceAll(RUNS, (race) => race.faults.length > 0);
      expect(races.at(-1)!.faults).toContainEqual(expect.stringContaining('permit after the no'));
    },
    60_000,
  );

  async function raceAll(runs: number, until: (race: Race) => boolean = () => false) {
    const races: Race[] = [];
    for (let n = 1; n <= runs; n += 1) {
      races.push(await race(n));
      if (until(races.at(-1)!)) break;
    }
    return races;
  }

  async function race(seed: number): Promise<Race> {
    const name = (count += 1);
    const leaving = `lamnar${name}@example.com`;
    const { request, people } = await delivery.claimed(topicId, [
      leaving,
      `stannar${name}@example.com`,
    ]);
    const { tokens, keys, registry } = delivery.world;
    const optOuts = new OptOuts(web, registry, tokens, keys, new Metrics());
    let permitted: Permitted | undefined;
    let receipt: OptOutReceipt | undefined;
    const order = await interleave(delivery.world.db, randomFrom(seed), {
      permit: {
        db: worker,
        run: async () => (permitted = await new Permit(worker).take(request)),
      },
      no: {
        db: web,
        run: async () =>
          (receipt = await optOuts.byAddress('email', leaving, {
            door: 'manual_form',
            actor: RECIPIENT,
          })),
      },
    });
    const [leaver, other] = people.map(({ messageId }) => messageId) as [string, string];
    const { state, permitAt } = await delivery.message(leaver);
    const has = permitted!.ids.has(leaver);
    const faults: string[] = [];
    const fault = (what: string) => faults.push(`interleaving ${seed}: ${what}`);
    if (has && order[0] === 'no') fault('a permit after the no was acknowledged');
    if (has && permitAt! >= (await delivery.noAt(leaving)))
      fault('a permit after the no was written');
    if (state !== (has ? 'HANDED_OVER' : 'WITHHELD')) fault(`the message is ${state}`);
    // The page tells the person how much is under way: exactly what was permitted before.
    if (receipt!.handedOver.inFlight !== (has ? 1 : 0)) fault('the receipt tells something else');
    if (!permitted!.ids.has(other)) fault('F-27: one no stopped another person');
    return { permitted: has, faults };
  }
});

const withoutGateLock = (sql: string): string =>
  /FROM gate .*FOR SHARE$/s.test(sql) ? 'SELECT $1::uuid' : sql;

/** FOR KEY SHARE, and in the opt-out what a plain UPDATE takes. */
function weaken(sql: string): string {
  return sql.replace(/FOR SHARE$/, 'FOR KEY SHARE').replace(/FOR UPDATE$/, 'FOR NO KEY UPDATE');
}

/** The same decision by another expression than the gate's. */
function withReason(sql: string, reason: string): string {
  return sql.replace(/g\.no_seq, \(CASE .* END\) AS reason/s, `g.no_seq, ${reason} AS reason`);
}

const SAID_NO = `(SELECT 'suppressed_address' WHERE EXISTS (
  SELECT 1 FROM ledger_entry l WHERE l.address_key = m.address_key AND l.kind = 'opt_out'))`;

const withLedger = (sql: string): string => withReason(sql, SAID_NO);

function lockAndReadElsewhere(sql: string): string {
  return withLedger(withoutGateLock(sql))
    .replace('LEFT JOIN gate g', 'JOIN gate g')
    .replace(/(AND m\.state = 'PLANNED')\s*\)/, '$1 FOR SHARE OF g)');
}
