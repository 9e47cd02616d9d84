import { setTimeout as wait } from 'node:timers/promises';
import { Approval } from '../../../src/features/campaigns/approval';
import { Campaigns } from '../../../src/features/campaigns/campaigns.service';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { toLocal } from '../../../src/domain/schedule';
import { OPERATOR, RECIPIENT } from '../../../src/platform/http/actor';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { timePasses } from '../../setup/passing-time';
import { Service, until } from '../../setup/service';
import { ProductProcess } from './product-process';

const BATCH = 5;

describe('processes that end, and processes that are wrong about the time', () => {
  let stub: SendGridStub;
  let service: Service;
  let settings: Record<string, string>;
  const processes: ProductProcess[] = [];

  beforeAll(async () => {
    stub = await SendGridStub.start();
    settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: String(BATCH),
    };
    service = await Service.open(settings, 'web');
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    stub.mode = { kind: 'accept' };
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  async function start(more: Record<string, string> = {}, flags: string[] = []) {
    const process = await ProductProcess.start(service, { ...settings, ...more }, flags);
    processes.push(process);
    return process;
  }

  async function audience(
    key: string,
    count: number,
  ): Promise<{ topicId: string; emails: string[] }> {
    const topicId = await service.topic(key);
    const emails = Array.from({ length: count }, (_, n) => `${key}${n}@exempel.example`);
    await service.people(
      topicId,
      emails.map((email) => ({ email })),
    );
    return { topicId, emails };
  }

  const launch = (topicId: string) => service.launch(topicId, { templateKey: 'enkel' });
  const buckets = async (campaignId: string) => (await service.counts(campaignId)).buckets;

  it('fault 27: a process that runs out of memory after a permit loses nothing: its batch is UNKNOWN, the rest goes', async () => {
    const { topicId } = await audience('minne', BATCH * 4);
    const small = await start({ SEND_CONCURRENCY: '1' }, ['--max-old-space-size=128']);
    small.next('after_permit', 'memory');
    const campaignId = await launch(topicId);
    await small.says('fault memory');
    expect(await small.ended()).not.toBe(0);
    await start();
    await until(async () => (await buckets(campaignId)).accepted === BATCH * 3, 20, 'the rest');
    expect((await buckets(campaignId)).in_flight).toBe(BATCH);
    await timePasses(service.db, 60);
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: BATCH * 3, unknown: BATCH } });
    expect(stub.account().doubled).toBe(0);
  }, 60_000);

  it('fault 28: SIGTERM in mid-campaign, with the next version running already: what is in flight ends well, the process in time', async () => {
    const { topicId } = await audience('byte', BATCH * 40);
    stub.mode = { kind: 'accept', delayMs: 1_000 };
    const old = await start();
    const campaignId = await launch(topicId);
    const inFlight = async () => (await buckets(campaignId).catch(() => null))?.in_flight ?? 0;
    await until(async () => (await inFlight()) === BATCH * 4, 20, 'four calls in flight');
    const next = start();
    const begun = performance.now();
    old.signal('SIGTERM');
    expect(await old.ended()).toBe(0);
    const took = performance.now() - begun;
    process.stdout.write(`a worker with calls of 1 s in flight ended in ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(12_000);
    stub.mode = { kind: 'accept' };
    await next;
    const counts = await service.settled(campaignId, ['finished'], 40);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: BATCH * 40, unknown: 0 } });
    expect(stub.account().doubled).toBe(0);
  }, 90_000);

  it('fault 19: clocks an hour ahead and an hour behind change nothing: no early start, no late one, no early retry, and a no is a no', async () => {
    const { topicId, emails } = await audience('klocka', BATCH * 8);
    const later = await service.get(Campaigns).create(
      {
        name: 'Om en halvtimme',
        topicId,
        templateKey: 'enkel',
        sendAtLocal: toLocal(new Date(Date.now() + 1_800_000), 'Europe/Stockholm').slice(0, 16),
      },
      OPERATOR,
    );
    await service.get(Approval).approve(later.id, OPERATOR);
    stub.mode = { kind: 'accept', delayMs: 300 };
    stub.answerNext({ kind: 'status', status: 429, retryAfter: '600' });
    const campaignId = await launch(topicId);
    await start({ CLOCK_SHIFT_SECONDS: '3600', SEND_CONCURRENCY: '1' });
    await start({ CLOCK_SHIFT_SECONDS: '-3600', SEND_CONCURRENCY: '1' });
    await until(async () => ((await buckets(campaignId).catch(() => null))?.accepted ?? 0) > 0);
    const [waiting] = await service.db.query<{ id: string; email: string }>(
      `SELECT m.id, a.value AS email FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       JOIN batch b ON b.id = m.batch_id JOIN address a ON a.id = m.address_id
       WHERE d.campaign_id = $1 AND m.state = 'PLANNED' ORDER BY b.number DESC LIMIT 1`,
      [campaignId],
    );
    await service
      .get(OptOuts)
      .byAddress('email', waiting!.email, { door: 'manual_form', actor: RECIPIENT });
    const done = BATCH * 7 - 1;
    await until(
      async () => (await buckets(campaignId)).accepted === done,
      30,
      'all but the batch that waits',
    );
    await wait(2_500);
    expect(await buckets(campaignId)).toMatchObject({
      accepted: done,
      withheld: 1,
      pending: BATCH,
    });
    expect(stub.takenByMessage().has(waiting!.id)).toBe(false);
    expect((await service.get(Campaigns).get(later.id)).state).toBe('approved');

    await timePasses(service.db, 600);
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: emails.length - 1, unknown: 0 } });
    expect(stub.account().doubled).toBe(0);
  }, 90_000);
});
