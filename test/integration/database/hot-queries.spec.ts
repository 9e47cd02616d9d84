import { audienceCondition, WHOLE_TOPIC } from '../../../src/domain/audience';
import { countPeople, findPeople } from '../../../src/features/people/search-people.queries';
import { SendGridLists } from '../../../src/features/channels/email/sendgrid/sendgrid-lists';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import {
  countByReason,
  materialiseSlice,
} from '../../../src/features/delivery/materialise.queries';
import { NO_CAP } from '../../../src/features/registry/marketing-cap';
import { Env } from '../../../src/platform/config/env';
import { Permit } from '../../../src/features/delivery/permit';
import { OFFERS_OF } from '../../../src/features/contacts/learning/offers/offers.queries';
import * as permits from '../../../src/features/delivery/permit.queries';
import {
  APPLY_EVENTS,
  LOCK_WAITING,
  ProviderEvents,
} from '../../../src/features/delivery/provider-events';
import { Reports } from '../../../src/features/delivery/reports';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { ApplyEvents } from '../../../src/features/feedback/apply-events';
import * as events from '../../../src/features/feedback/events.queries';
import { MirrorNoes } from '../../../src/features/feedback/provider-lists/mirror-noes';
import { RecordListed } from '../../../src/features/feedback/provider-lists/record-listed';
import { StoreEvents } from '../../../src/features/feedback/store-events';
import { sealedAfter } from '../../../src/features/registry/ledger/chain.queries';
import { SealLedger } from '../../../src/features/registry/ledger/seal-ledger';
import { factsOfContact, factsOfKeys } from '../../../src/features/registry/explain.queries';
import { LinkTokens } from '../../../src/features/registry/link-tokens';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { Registry } from '../../../src/features/registry/registry.service';
import { Clock } from '../../../src/platform/clock';
import { Months } from '../../../src/platform/database/months';
import { OPERATOR } from '../../../src/platform/http/actor';
import { newId } from '../../../src/platform/ids';
import { Metrics } from '../../../src/platform/operations/metrics';
import { InProcessQueue } from '../../../src/platform/queues/in-process.queue';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { World } from '../registry/world';
import { ExplainingDatabase } from './explaining-database';
import { fill, TOPIC } from './hot-world';

/** Statements that a registry or a run of millions must not make slow. */
describe('on large tables, without reading any from end to end', () => {
  let world: World;
  let db: ExplainingDatabase;

  beforeAll(async () => {
    world = await World.open();
    const { keys } = world;
    await fill(world.db, (n) => keys.keysOf('email', `kim${n + 1}@exempel.example`)[0]!.key);
    db = new ExplainingDatabase({ url: world.env.DATABASE_URL!, pool: 4 });
  });
  afterAll(async () => {
    await db.onModuleDestroy();
    await world.close();
  });
  beforeEach(() => db.forget());

  it('a scan would be seen', async () => {
    const large = [...(await db.measure())].map((name) => name.replace(/_\d{4}_\d\d$/, ''));
    expect([...new Set(large)]).toEqual(
      expect.arrayContaining([
        'address',
        'batch',
        'contact',
        'gate',
        'ledger_entry',
        'link_token',
        'message',
        'provider_event',
      ]),
    );
    await db.query(`SELECT 1 FROM message WHERE outcome_code = 'none'`);
    expect(db.scans).toHaveLength(1);
    await db.explainForAll('SELECT 1 FROM gate WHERE epoch = $1');
    expect(db.scans).toHaveLength(2);
  });

  it('a batch is claimed, read, permitted, told of and let go', async () => {
    const [batch] = await world.db.query<{ id: string; dispatchId: string }>(
      `SELECT id, dispatch_id AS "dispatchId" FROM batch WHERE state = 'PLANNED' ORDER BY number LIMIT 1`,
    );
    const [batchId, token] = [batch!.id, newId()];
    await db.query(permits.CLAIM_BATCH, [batchId, token, 60]);
    const messages = await db.query<{ id: string }>(permits.PLANNED_MESSAGES, [batchId, 500]);
    expect(messages).toHaveLength(500);
    const permitted = await new Permit(db, new Env()).take({
      dispatchId: batch!.dispatchId,
      batchId,
      token,
      messages: messages.map(({ id }) => ({ id, linkHash: Buffer.from(id).toString('hex') })),
    });
    expect(permitted.ids.size).toBe(500);
    const [first] = messages;
    await db.query(permits.RECORD_OUTCOMES, [
      batchId,
      token,
      [first!.id],
      ['REJECTED'],
      ['400'],
      [null],
      [null],
      'ACCEPTED',
      '202',
      'x',
      null,
    ]);
    await db.query(permits.RELEASE_BATCH, [batchId, token, null]);
    await db.query(permits.GIVE_BACK, [batchId, token]);
    await db.query(permits.REJECT_UNRENDERED, [[first!.id], ['liquid'], batchId, token]);
    expect(db.statements.length).toBeGreaterThan(8);
    expect(db.scans).toEqual([]);
  });

  it.each([
    ['CLAIM_BATCH', permits.CLAIM_BATCH],
    ['PLANNED_MESSAGES', permits.PLANNED_MESSAGES],
    ['LOCK_DISPATCH', permits.LOCK_DISPATCH],
    ['LOCK_BATCH', permits.LOCK_BATCH],
    ['LOCK_GATES', permits.LOCK_GATES],
    ['OFFERS_OF', OFFERS_OF],
    ['DECIDE', permits.DECIDE],
    ['RECORD_OUTCOMES', permits.RECORD_OUTCOMES],
    ['RELEASE_BATCH', permits.RELEASE_BATCH],
    ['GIVE_BACK', permits.GIVE_BACK],
    ['REAP_UNTOLD', permits.REAP_UNTOLD],
    ['REAP_CLAIMS', permits.REAP_CLAIMS],
    ['FINISH_DISPATCHES', permits.FINISH_DISPATCHES],
    ['STORE_EVENTS', events.STORE_EVENTS],
    ['TAKE_SLICES', events.TAKE_SLICES],
    ['EVENTS_OF_SLICES', events.EVENTS_OF_SLICES],
    ['ORIGINS', events.ORIGINS],
    ['LOCK_WAITING', LOCK_WAITING],
    ['APPLY_EVENTS', APPLY_EVENTS],
  ])('%s is planned once for all values', async (_, text) => {
    await db.explainForAll(text);
    expect(db.scans).toEqual([]);
  });

  it('what was sent lately is looked up by index: before a send, when the audience is written, and for one person', async () => {
    // These read everybody in the audience, but of the messages only those of who chose fewer.
    const who = audienceCondition(WHOLE_TOPIC, 'email', TOPIC);
    for (const text of [countByReason('email', who), materialiseSlice('email', who)])
      await db.explainForAll(text);
    expect(db.scans.filter((scan) => !scan.startsWith('reach'))).toEqual([]);
    db.forget();
    const [one] = await world.db.query<{ id: string; key: Buffer }>(
      `UPDATE gate SET fewer = true WHERE address_key = (
         SELECT address_key FROM message_status WHERE state = 'ACCEPTED' LIMIT 1)
       RETURNING contact_id AS id, address_key AS key`,
    );
    const [facts] = await factsOfContact(db, one!.id);
    expect(facts).toMatchObject({ fewer: true, lastSentAt: expect.any(Date) });
    expect(await factsOfKeys(db, [one!.key])).toHaveLength(1);
    expect(db.scans).toEqual([]);
  });

  it('sweepers find what was left behind', async () => {
    await new SweepDelivery(db, new InProcessQueue()).run();
    expect(db.scans).toEqual([]);
  });

  it('a run is counted', async () => {
    const [run] = await world.db.query<{ id: string }>('SELECT id FROM dispatch LIMIT 1');
    const counts = await new Reports(db).counts(run!.id);
    expect(counts.gap).toBe(0);
    expect(db.scans).toEqual([]);
  });

  it('events are stored once, wait, and are applied, noes among them', async () => {
    const messages = await world.db.query<{ id: string; email: string }>(
      `SELECT m.id, a.value AS email FROM message m JOIN address a ON a.id = m.address_id ORDER BY m.id DESC LIMIT 500`,
    );
    const told = messages.map(({ id, email }, n) => ({
      providerEventId: newId(),
      type: n % 10 === 0 ? 'spamreport' : 'delivered',
      subtype: null,
      code: null,
      occurredAt: new Date(),
      messageId: id,
      email,
    }));
    const store = new StoreEvents(db, world.keys, new Clock(), new Months(db));
    await store.run('sendgrid', told);
    expect(await store.run('sendgrid', told)).toEqual([]);
    await new ApplyEvents(db, new ProviderEvents(), new Registry()).run();
    const [left] = await world.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM message_status WHERE id = ANY($1::uuid[]) AND state <> 'DELIVERED'`,
      [messages.map(({ id }) => id)],
    );
    expect(left!.n).toBe(0);
    expect(db.scans).toEqual([]);
  });

  it('a no is said: by its link, by an address, for a person', async () => {
    const { tokens, keys } = world;
    const optOuts = new OptOuts(
      db,
      new Registry(),
      new LinkTokens(world.secrets({}), db),
      keys,
      new Metrics(),
    );
    const [one, other] = await world.db.query<{ contactId: string; key: Buffer; value: string }>(
      `SELECT contact_id AS "contactId", address_key AS key, value FROM address ORDER BY id LIMIT 2`,
    );
    const token = tokens.tokenFor(newId());
    const link = { hash: tokens.hash(token), class: 'message', channel: 'email' } as const;
    await tokens.store(db, [{ ...link, addressKey: one!.key, contactId: one!.contactId }]);
    expect(await optOuts.byToken(token, { detail: 'form' })).toMatchObject({ recorded: true });
    const source = { door: 'service_desk', actor: OPERATOR } as const;
    await optOuts.byAddress('email', other!.value, source);
    await optOuts.byAddress('email', 'ingen@exempel.example', source);
    await optOuts.byContact(other!.contactId, source);
    expect(db.scans).toEqual([]);
  });

  it("noes reach the provider's list, and its own reach us", async () => {
    const stub = await SendGridStub.start();
    const lists = new SendGridLists({ apiKey: 'SG.test', baseUrl: stub.url });
    const people = await world.db.query<{ value: string }>(
      // Of those whose mails had left: nobody else is named to the provider, and which batches wait is up to chance.
      `SELECT a.value FROM message m JOIN batch b ON b.id = m.batch_id JOIN address a ON a.id = m.address_id
       WHERE b.message_state = 'ACCEPTED' AND m.state IS NULL ORDER BY a.id DESC OFFSET 2000 LIMIT 300`,
    );
    const record = new RecordListed(db, world.keys, new Registry(), new Clock());
    const entries = people.map(({ value }) => ({ email: value, at: new Date(), temporary: false }));
    expect(await record.run('unsubscribes', entries.slice(0, 150))).toBe(150);
    expect(await record.run('bounces', entries.slice(150))).toBe(150);
    await world.db.query(
      `DELETE FROM provider_listed; UPDATE batch SET provider_id = 'x' WHERE message_state = 'ACCEPTED'`,
    );
    await new SealLedger(world.db).run();
    const mirror = new MirrorNoes(db, lists, new Metrics(), new Clock());
    await mirror.run();
    expect(stub.lists.emails('unsubscribes').length).toBeGreaterThanOrEqual(150);
    lists.onModuleDestroy();
    await stub.stop();
    expect(db.scans).toEqual([]);
  });

  it('grants are recorded, folded from the ledger and sealed', async () => {
    const people = await world.db.query<{ contactId: string; key: Buffer }>(
      `SELECT contact_id AS "contactId", address_key AS key FROM address ORDER BY id DESC LIMIT 500`,
    );
    await db.tx((tx) =>
      new Registry().record(
        tx,
        people.map(({ contactId, key }) => ({
          kind: 'grant',
          scope: 'topic',
          channel: 'email',
          address: { channel: 'email', key, version: 1 },
          contactId,
          topicId: TOPIC,
          ground: 'LEGAL_PERSON',
          method: 'import_attested',
          door: 'import',
          actor: OPERATOR,
        })),
      ),
    );
    await new SealLedger(db).run();
    await sealedAfter(db, 1_000, 500);
    expect(db.scans).toEqual([]);
  });

  it('a person is found by address and by name', async () => {
    const keys: AddressKeys = world.keys;
    expect(await findPeople(db, keys, { q: 'kim4711@exempel.example' }, NO_CAP, 50)).toHaveLength(
      1,
    );
    for (const search of [{ q: 'Nordin99' }, { q: 'kim1 nordin2' }]) {
      await findPeople(db, keys, search, NO_CAP, 50);
      await countPeople(db, keys, search, NO_CAP);
    }
    expect(db.scans).toEqual([]);
  });
});
