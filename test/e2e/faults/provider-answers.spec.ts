import { SettleSilence } from '../../../src/features/delivery/settle-silence';
import { SendGridStub, type SendGridMode } from '../../provider-stub/sendgrid-stub';
import { timePasses } from '../../setup/passing-time';
import { Service, until } from '../../setup/service';

const BATCH = 5;
const AT_ONCE = 6;
const CALL_MS = 12_000;
const LEAVERS = 100;

describe('a provider that answers badly', () => {
  let stub: SendGridStub;
  let service: Service;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
      BATCH_SIZE: String(BATCH),
      SEND_CONCURRENCY: String(AT_ONCE),
    });
  });
  afterAll(async () => {
    await stub.stop();
    await service.close();
  });

  async function audience(key: string, count: number): Promise<string> {
    const topicId = await service.topic(key);
    const people = Array.from({ length: count }, (_, n) => ({
      email: `${key}${n}@exempel.example`,
    }));
    await service.people(topicId, people);
    return topicId;
  }

  const launch = (topicId: string) => service.launch(topicId, { templateKey: 'enkel' });
  const requests = () => stub.ledger.entries.filter(({ kind }) => kind === 'request');
  const buckets = async (campaignId: string) => (await service.counts(campaignId)).buckets;
  const statesOf = (ids: string[]) =>
    service.db.query<{ state: string; code: string | null }>(
      `SELECT DISTINCT state, outcome_code AS code FROM message_status WHERE id = ANY($1::uuid[])`,
      [ids],
    );

  it('faults 8, 11: ends each slow, dripping or silent call in time, tells apart by events what was taken, and opts people out meanwhile', async () => {
    const links = await linksOf(await audience('lasare', LEAVERS));
    const topicId = await audience('kund', BATCH * AT_ONCE);
    const modes: SendGridMode[] = [
      { kind: 'accept', delayMs: 9_900 },
      { kind: 'accept', delayMs: CALL_MS + 500 },
      { kind: 'trickle', everyMs: 400 },
      { kind: 'hang' },
      { kind: 'accept_then_hang' },
      { kind: 'accept' },
    ];
    stub.answerNext(...modes);
    const before = requests().length;
    const campaignId = await launch(topicId);
    await until(async () => requests().length - before === modes.length, 10, 'every call');

    await until(
      async () => (await buckets(campaignId)).in_flight === BATCH * 5,
      5,
      'the quick one',
    );
    const took = await leave(links);
    expect(took[Math.floor(LEAVERS * 0.99) - 1]).toBeLessThan(500);

    await until(
      async () => (await buckets(campaignId)).in_flight === 0,
      20,
      'the end of every call',
    );
    const [longest] = await service.db.query<{ seconds: number }>(
      `SELECT max(extract(epoch FROM outcome_at - permit_at))::float8 AS seconds FROM message_status`,
    );
    expect(longest!.seconds).toBeLessThan(CALL_MS / 1000 + 1.5);
    // The stub gives its answers in the order in which calls arrive.
    const made = requests()
      .slice(before)
      .sort((a, b) => a.request - b.request);
    const outcomes = await Promise.all(
      made.map(async ({ messageIds, mode }) => ({
        mode,
        messageIds,
        states: await statesOf(messageIds),
      })),
    );
    expect(outcomes.map(({ states }) => states)).toEqual([
      [{ state: 'ACCEPTED', code: null }],
      [{ state: 'UNKNOWN', code: 'deadline' }],
      [{ state: 'UNKNOWN', code: 'deadline' }],
      [{ state: 'UNKNOWN', code: 'deadline' }],
      [{ state: 'UNKNOWN', code: 'deadline' }],
      [{ state: 'ACCEPTED', code: null }],
    ]);

    // The provider tells of what it took, whatever it had answered.
    const inLedger = stub.takenByMessage();
    const events = outcomes
      .flatMap(({ messageIds }) => messageIds)
      .filter((id) => inLedger.has(id))
      .map((messageId) => stub.events.event('processed', { messageId }));
    await stub.events.post(`${service.url}/webhooks/sendgrid/events`, events);
    await until(async () => (await buckets(campaignId)).accepted === BATCH * 5);
    const silent = outcomes.find(({ mode }) => mode === 'hang')!;
    expect(await statesOf(silent.messageIds)).toEqual([{ state: 'UNKNOWN', code: 'deadline' }]);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(requests().length - before).toBe(modes.length);
  }, 60_000);

  it('fault 9: waits as long as 429 asks, half a minute when it asks for nothing, and loses nobody', async () => {
    const topicId = await audience('brattom', BATCH);
    const before = stub.ledger.entries.length;
    stub.answerNext(
      { kind: 'status', status: 429, retryAfter: '2' },
      { kind: 'status', status: 429 },
    );
    const campaignId = await launch(topicId);
    const calls = () => stub.ledger.entries.slice(before).filter(({ kind }) => kind === 'request');
    await until(async () => calls().length === 2, 20, 'the second call');
    expect(calls()[1]!.at - calls()[0]!.at).toBeGreaterThanOrEqual(1_990);

    await until(async () => (await waits()) !== null, 5, 'the wait');
    expect(await waits()).toBeGreaterThan(25);
    expect(await waits()).toBeLessThanOrEqual(30);
    await timePasses(service.db, 30);
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: BATCH, unknown: 0, rejected: 0 } });
    expect(calls()).toHaveLength(3);

    async function waits(): Promise<number | null> {
      const [row] = await service.db.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM min(retry_at) - clock_timestamp())::float8 AS seconds FROM message_status
         WHERE state = 'RETRY_WAIT'`,
      );
      return row!.seconds;
    }
  }, 60_000);

  it('fault 10: opens the breaker after ten failures, asks with one message at a time, and goes on by itself', async () => {
    const people = 30 * BATCH;
    const topicId = await audience('avbrott', people);
    const before = requests().length;
    const made = () => requests().slice(before);
    stub.mode = { kind: 'status', status: 503 };
    stub.answerNext({ kind: 'status', status: 500 }, { kind: 'status', status: 502 });
    const campaignId = await launch(topicId);
    await until(async () => (await breaker()) === 'open', 20, 'an open breaker');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await until(async () => (await buckets(campaignId)).in_flight === 0);
    // Ten, and what was on its way when the tenth came back.
    const failed = made().length;
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(failed).toBeLessThanOrEqual(10 + AT_ONCE - 1);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(made()).toHaveLength(failed);

    await probe();
    expect(made().at(-1)!.messageIds).toHaveLength(1);
    expect(await breaker()).toBe('open');

    stub.mode = { kind: 'accept' };
    await probe();
    await until(async () => (await breaker()) === 'closed', 10, 'a closed breaker');
    await timePasses(service.db, 30);
    const counts = await service.settled(campaignId);
    const unknown = failed * BATCH + 1;
    expect(counts).toMatchObject({ gap: 0, buckets: { unknown, accepted: people - unknown } });

    async function breaker(): Promise<string> {
      const [row] = await service.db.query<{ breaker: string }>(
        'SELECT breaker FROM channel_state',
      );
      return row!.breaker;
    }

    /** Half a minute passes: one message, to see whether the provider is back. */
    async function probe(): Promise<void> {
      const count = made().length;
      await timePasses(service.db, 30);
      await until(async () => made().length > count, 10, 'a probe');
      await until(async () => (await buckets(campaignId)).in_flight === 0);
      if (stub.mode.kind === 'status') expect(made()).toHaveLength(count + 1);
    }
  }, 90_000);

  it('fault 12: says after four days of whom nothing was ever heard, and believes an event that comes even later', async () => {
    const topicId = await audience('tyst', 2 * BATCH);
    const campaignId = await launch(topicId);
    expect((await service.settled(campaignId)).buckets.accepted).toBe(2 * BATCH);
    const sent = requests()
      .slice(-2)
      .flatMap(({ messageIds }) => messageIds);
    const tell = async (ids: string[]) => {
      const told = (await service.counts(campaignId)).states.DELIVERED ?? 0;
      const events = ids.map((messageId) => stub.events.event('delivered', { messageId }));
      await stub.events.post(`${service.url}/webhooks/sendgrid/events`, events);
      const delivered = told + ids.length;
      await until(async () => (await service.counts(campaignId)).states.DELIVERED === delivered);
    };
    await tell(sent.slice(4, -1));
    for (const table of ['batch', 'message'])
      await service.db.query(`UPDATE ${table} SET permit_at = permit_at - interval '97 hours'`);
    await service.db.query(
      `UPDATE provider_event SET received_at = received_at - interval '96 hours'`,
    );
    // Events still come: the silence is not the webhook's.
    await tell(sent.slice(-1));
    await service.get(SettleSilence).run();
    expect((await service.counts(campaignId)).states).toEqual({
      DELIVERED: 6,
      NO_TERMINAL_EVENT: 4,
    });
    await tell(sent.slice(0, 1));
    expect((await service.counts(campaignId)).states).toEqual({
      DELIVERED: 7,
      NO_TERMINAL_EVENT: 3,
    });
  });

  it('fault 15: has made one request for every permit, and none that had no permit', async () => {
    const asked = new Map<string, number>();
    for (const { messageIds } of requests()) {
      for (const id of messageIds) asked.set(id, (asked.get(id) ?? 0) + 1);
    }
    const permits = await service.db.query<{ id: string; attempts: number }>(
      `SELECT id, attempts FROM message_status WHERE attempts > 0`,
    );
    expect(asked.size).toBeGreaterThan(200);
    expect(new Map(permits.map(({ id, attempts }) => [id, attempts]))).toEqual(asked);
    expect(stub.account().doubled).toBe(0);
  });

  /** A first campaign to them, for the links in it. */
  async function linksOf(topicId: string): Promise<string[]> {
    const before = stub.delivered.length;
    const counts = await service.settled(await launch(topicId));
    expect(counts.buckets.accepted).toBe(LEAVERS);
    return stub.delivered
      .slice(before)
      .map(({ headers }) => headers['List-Unsubscribe']!.slice(1, -1));
  }

  /** How long each no took, shortest first. */
  async function leave(links: string[]): Promise<number[]> {
    const took: number[] = [];
    for (const link of links) {
      const begun = performance.now();
      const { status } = await fetch(service.local(link), { method: 'POST' });
      took.push(performance.now() - begun);
      expect(status).toBe(200);
    }
    return took.sort((a, b) => a - b);
  }
});
