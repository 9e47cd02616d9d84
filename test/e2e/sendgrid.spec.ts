import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, until } from '../setup/service';

describe('sending through SendGrid', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  const people = Array.from({ length: 1000 }, (_, n) => ({ email: `kund${n}@exempel.example` }));

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
      BATCH_SIZE: '1000',
    });
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, people);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  it('P-01 P-31 P-32 P-35 makes one request of 1 000 people: own URLs, no tracking, no send_at, opaque ids only', async () => {
    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId);
    expect(counts.buckets).toMatchObject({ accepted: 1000, unknown: 0, rejected: 0 });
    expect(stub.requests).toHaveLength(1);
    const { mail } = stub.requests[0]!;
    expect(mail.personalizations).toHaveLength(1000);
    const urls = mail.personalizations.map(({ headers }) => headers?.['List-Unsubscribe']);
    expect(new Set(urls).size).toBe(1000);
    expect(urls.every((url) => /^<http:\/\/localhost:3000\/u\/[\w-]{22}>$/.test(url ?? ''))).toBe(
      true,
    );
    expect(mail).not.toHaveProperty('send_at');
    expect(mail).not.toHaveProperty('asm');
    expect(mail.tracking_settings).toMatchObject({
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
    });
    for (const { custom_args, to } of mail.personalizations) {
      expect(to).toHaveLength(1);
      expect(Object.keys(custom_args ?? {})).toEqual(['message_id']);
    }
    expect(JSON.stringify(mail.custom_args ?? {})).not.toContain('@');
    const token = /u\/([\w-]+)/.exec(urls[0]!)![1]!;
    const page = await fetch(`${service.url}/u/${token}`);
    expect(await page.text()).toContain('k•••@e•••.example');
  });

  it('P-37 refuses one bad address and accepts all others, none twice', async () => {
    const before = stub.takenByMessage().size;
    stub.mode = { kind: 'refuse', addresses: ['kund17@exempel.example'], naming: false };
    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId);
    stub.mode = { kind: 'accept' };
    expect(counts.buckets).toMatchObject({ accepted: 999, rejected: 1, unknown: 0 });
    expect(counts.gap).toBe(0);
    const taken = stub.takenByMessage();
    expect(taken.size - before).toBe(999);
    expect([...taken.values()].every((times) => times === 1)).toBe(true);
  });

  it('P-36 ends UNKNOWN when the answer is lost, and ACCEPTED by its event, with one request in the ledger', async () => {
    const requests = stub.requests.length;
    stub.answerNext({ kind: 'accept_then_drop' });
    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId);
    expect(counts.buckets).toMatchObject({ accepted: 0, unknown: 1000 });
    expect(stub.requests.length - requests).toBe(1);

    const sent = await messagesOf(campaignId);
    const events = sent.map((messageId) => stub.events.event('processed', { messageId }));
    const statuses = await stub.events.post(`${service.url}/webhooks/sendgrid/events`, events);
    expect(new Set(statuses)).toEqual(new Set([204]));
    await until(async () => (await service.counts(campaignId)).buckets.accepted === 1000);
    expect(stub.requests.length - requests).toBe(1);
  });

  it('backs off at 429 and loses nothing', async () => {
    stub.answerNext({ kind: 'status', status: 429, retryAfter: '1' });
    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId);
    expect(counts.buckets).toMatchObject({ accepted: 1000, rejected: 0, unknown: 0 });
  });

  it('P-46 takes a spam complaint as a no to everything: the next campaign withholds that person', async () => {
    const [victim] = await messagesOf(await lastCampaign());
    const event = stub.events.event('spamreport', { messageId: victim });
    await stub.events.post(`${service.url}/webhooks/sendgrid/events`, [event, event]);
    await until(async () => {
      const [row] = await service.db.query<{ n: number }>(
        `SELECT count(*) AS n FROM gate WHERE no_all`,
      );
      return row!.n === 1;
    });
    const counts = await service.settled(await service.launch(topicId));
    expect(counts.withheld).toEqual([{ reason: 'suppressed_address', count: 1 }]);
    expect(counts.buckets.accepted).toBe(999);
    const [entry] = await service.db.query<Record<string, unknown>>(
      `SELECT door, message_id FROM ledger_entry WHERE kind = 'opt_out'`,
    );
    expect(entry).toEqual({ door: 'spam_complaint', message_id: victim });
  });

  it('P-41 refuses an unsigned post with 403 and stores nothing', async () => {
    const count = async () =>
      (await service.db.query<{ n: number }>('SELECT count(*) AS n FROM provider_event'))[0]!.n;
    const before = await count();
    const forged = await fetch(`${service.url}/webhooks/sendgrid/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([stub.events.event('spamreport', { to: 'kund1@exempel.example' })]),
    });
    expect(forged.status).toBe(403);
    expect(await count()).toBe(before);
  });

  async function messagesOf(campaignId: string): Promise<string[]> {
    const rows = await service.db.query<{ id: string }>(
      `SELECT m.id FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.permit_at IS NOT NULL ORDER BY m.id`,
      [campaignId],
    );
    return rows.map(({ id }) => id);
  }

  async function lastCampaign(): Promise<string> {
    const [row] = await service.db.query<{ id: string }>(
      'SELECT id FROM campaign ORDER BY id DESC LIMIT 1',
    );
    return row!.id;
  }
});
