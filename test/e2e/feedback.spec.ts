import { Logger } from '@nestjs/common';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { CampaignReports } from '../../src/features/campaigns/campaign-report';
import { HandOverBatch } from '../../src/features/delivery/hand-over-batch';
import { ApplyEvents } from '../../src/features/feedback/apply-events';
import { Registry } from '../../src/features/registry/registry.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { SendGridEvents, scrambled, type SendGridEvent } from '../provider-stub/sendgrid-events';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service } from '../setup/service';

const ADDRESSES = Array.from({ length: 60 }, (_, n) => `kund${n}@exempel.example`);
/** Lowest first. */
const RANKED = [
  'processed',
  'deferred',
  'delivered',
  'dropped',
  'bounce',
  'group_unsubscribe',
  'spamreport',
];

describe('what SendGrid tells about mails', () => {
  let stub: SendGridStub;
  let service: Service;
  let campaignId: string;
  const messages = new Map<string, string>();
  let used = 0;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open(settings(stub.events.publicKey), 'web');
    const topicId = await service.topic('nyhetsbrev');
    await service.people(
      topicId,
      ADDRESSES.map((email) => ({ email })),
    );
    campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await service.get(LaunchCampaign).run(campaignId);
    const [batch] = await service.db.query<{ id: string }>('SELECT id FROM batch');
    await service.get(HandOverBatch).run(batch!.id);
    for (const { to, messageId } of stub.delivered) messages.set(to, messageId);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  it('P-40 F-68 believes the bytes as they came, and no other spelling of the same events', async () => {
    const signed = stub.events.sign([event('delivered', next()), event('delivered', next())]);
    const spelledAnew = Buffer.from(JSON.stringify(JSON.parse(signed.body.toString())));
    expect(spelledAnew.equals(signed.body)).toBe(false);
    expect(await post({ ...signed, body: spelledAnew })).toBe(403);
    const before = await stored();
    expect(await post(signed)).toBe(204);
    expect((await stored()) - before).toBe(2);
  });

  it('P-41 F-64 F-65 stores nothing that our own webhook did not sign', async () => {
    const before = await stored();
    const events = [event('spamreport', next())];
    const signed = stub.events.sign(events);
    const foreign = new SendGridEvents().sign(events);
    const { 'X-Twilio-Email-Event-Webhook-Signature': _, ...unsigned } = signed.headers;
    expect(await post({ ...signed, headers: unsigned })).toBe(403);
    expect(await post(foreign)).toBe(403);
    expect(await post({ ...signed, body: foreign.body.subarray(1) })).toBe(403);
    const later = {
      ...signed.headers,
      'X-Twilio-Email-Event-Webhook-Timestamp': String(Math.floor(Date.now() / 1000) + 1),
    };
    expect(await post({ ...signed, headers: later })).toBe(403);
    await apply();
    expect(await stored()).toBe(before);
    expect(await noes()).toBe(0);
  });

  it('P-41 answers 503 and reports itself unhealthy when it has no key, and never believes the unsigned', async () => {
    const { SENDGRID_WEBHOOK_PUBLIC_KEY: _, ...withoutKey } = settings('');
    const other = await Service.open(withoutKey, 'web', service.database);
    try {
      const signed = stub.events.sign([event('spamreport', next())]);
      expect(await post(signed, other)).toBe(503);
      const metrics = await (await fetch(`${other.url}/metrics`)).text();
      expect(metrics).toContain('utskick_unhealthy{what="sendgrid_webhook_key"} 1');
    } finally {
      await other.close();
    }
  });

  it('says that a signed post is malformed, and stores nothing of it', async () => {
    const before = await stored();
    for (const events of [['delivered'], [null]]) {
      expect(await post(stub.events.sign(events as never))).toBe(400);
    }
    expect(await stored()).toBe(before);
  });

  it('F-65 takes an event about a message we never sent for what it says of the address, and no more', async () => {
    const stranger = 'ingen.av.oss@exempel.example';
    const about = { messageId: newId(), to: stranger };
    await tell(event('delivered', about), event('bounce', { messageId: newId() }));
    expect(await gate(stranger)).toBeUndefined();
    await tell(event('spamreport', about));
    expect(await gate(stranger)).toMatchObject({ noAll: true });
    expect(await entries(stranger)).toMatchObject([{ messageId: null, contactId: null }]);
  });

  it('P-42 F-66 refuses an old post, and a replay of a young one changes nothing', async () => {
    const victim = next();
    const before = await stored();
    const old = Math.floor(Date.now() / 1000) - 26 * 3600;
    expect(await post(stub.events.sign([event('spamreport', victim)], old))).toBe(403);
    expect(await stored()).toBe(before);
    const yesterday = Math.floor(Date.now() / 1000) - 24 * 3600;
    const young = stub.events.sign([event('spamreport', victim)], yesterday);
    expect(await post(young)).toBe(204);
    await apply();
    const first = await entries(victim.to);
    expect(await post(young)).toBe(204);
    await apply();
    expect(first).toHaveLength(1);
    expect(await entries(victim.to)).toEqual(first);
    expect((await stored()) - before).toBe(1);
  });

  it('P-43 F-85 has one effect for forty-six copies, scrambled', async () => {
    const victim = next();
    const before = await stored();
    const both = [event('delivered', victim), event('unsubscribe', victim)];
    const statuses = await stub.events.post(webhook(), scrambled(both, 46));
    expect(statuses).toEqual([204]);
    await Promise.all([apply(), apply(), apply()]);
    await tell(...both);
    expect((await stored()) - before).toBe(2);
    expect(await entries(victim.to)).toMatchObject([
      { kind: 'opt_out', door: 'provider_unsubscribe' },
    ]);
  });

  it('P-44 takes a post of 768 KB whole', async () => {
    const before = await stored();
    const one = event('deferred', next(), { response: 'x'.repeat(500) });
    const events = Array.from({ length: 1100 }, (_, n) => ({ ...one, sg_event_id: `stor-${n}` }));
    const [signed] = stub.events.posts(events);
    expect(signed!.body.length).toBeGreaterThan(760 * 1024);
    expect(await post(signed!)).toBe(204);
    expect((await stored()) - before).toBeGreaterThan(900);
    await apply();
    const tooLarge = stub.events.sign([{ ...one, response: 'x'.repeat(2_200_000) }]);
    expect(await post(tooLarge)).toBe(413);
  });

  it('P-45 F-84 ends the same in whatever order the events come, one by one or together', async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 12; seed += 1) {
      const victim = next();
      const events = scrambled(
        RANKED.map((kind) => event(kind, victim)),
        1,
        seed,
      );
      if (seed % 4 === 0) await tell(...events);
      else for (const one of events) await tell(one);
      const [row] = await service.db.query<{ state: string; rank: number }>(
        'SELECT state, event_rank AS rank FROM message_status WHERE id = $1',
        [victim.messageId],
      );
      const { noAll, undeliverable } = (await gate(victim.to))!;
      seen.add(JSON.stringify({ ...row, noAll, undeliverable }));
    }
    expect([...seen]).toEqual([
      JSON.stringify({ state: 'BOUNCED', rank: 8, noAll: true, undeliverable: true }),
    ]);
  });

  it.each([
    ['spamreport', {}, ['opt_out', 'spam_complaint'], 'DELIVERED', null],
    ['unsubscribe', {}, ['opt_out', 'provider_unsubscribe'], 'DELIVERED', null],
    ['group_unsubscribe', {}, ['opt_out', 'provider_unsubscribe'], 'DELIVERED', null],
    ['bounce', {}, ['undeliverable', 'bounce'], 'BOUNCED', null],
    ['dropped', { reason: 'Bounced Address' }, ['undeliverable', 'bounce'], 'DROPPED', null],
    [
      'dropped',
      { reason: 'Unsubscribed Address' },
      ['opt_out', 'provider_unsubscribe'],
      'DROPPED',
      'knew a no',
    ],
    [
      'dropped',
      { reason: 'Spam Reporting Address' },
      ['opt_out', 'provider_unsubscribe'],
      'DROPPED',
      'knew a no',
    ],
    ['dropped', { reason: 'Invalid SMTPAPI header' }, null, 'DROPPED', null],
    ['blocked', {}, null, 'DROPPED', null],
    ['deferred', {}, null, 'ACCEPTED', null],
    ['processed', {}, null, 'ACCEPTED', null],
    ['delivered', {}, null, 'DELIVERED', null],
    ['group_resubscribe', {}, null, 'ACCEPTED', 'resubscribed'],
    ['a_type_of_tomorrow', {}, null, 'ACCEPTED', 'do not know'],
  ] as const)('P-46 F-12 takes %s %j as %j', async (kind, more, entry, state, alarm) => {
    const warned = jest.spyOn(Logger.prototype, 'warn');
    const victim = next();
    await tell(event(kind, victim, more));
    const found = await entries(victim.to);
    expect(found.map((one) => [one.kind, one.door])).toEqual(entry ? [entry] : []);
    if (entry?.[0] === 'opt_out') expect(found[0]).toMatchObject({ scope: 'all', channel: null });
    const [row] = await service.db.query<{ state: string }>(
      'SELECT state FROM message_status WHERE id = $1',
      [victim.messageId],
    );
    expect(row!.state).toBe(state);
    const alarms = warned.mock.calls.map(([text]) => String(text));
    warned.mockRestore();
    expect(alarms.filter((text) => text.startsWith('event '))).toEqual(
      alarm ? [expect.stringContaining(alarm)] : [],
    );
  });

  it('P-46 lifts no no when somebody resubscribes at the provider', async () => {
    const victim = next();
    await tell(event('unsubscribe', victim));
    await tell(event('group_resubscribe', victim));
    expect(await gate(victim.to)).toMatchObject({ noAll: true, allowed: [] });
  });

  it('P-47 keeps a no and a dead mailbox apart: clearing one leaves the other', async () => {
    const victim = next();
    await tell(event('bounce', victim), event('spamreport', victim));
    const key = service.key(victim.to);
    const address = { channel: 'email' as const, key, version: 1 };
    await service.db.tx((tx) =>
      service.get(Registry).record(tx, [
        {
          kind: 'deliverable',
          scope: 'all',
          channel: null,
          contactId: null,
          address,
          door: 'service_desk',
          actor: OPERATOR,
        },
      ]),
    );
    expect(await gate(victim.to)).toMatchObject({ noAll: true, undeliverable: false });
    await tell(event('bounce', victim));
    expect(await gate(victim.to)).toMatchObject({ noAll: true, undeliverable: true });
  });

  it('P-48 F-85 finds the address of a late bounce that names no message, in any spelling', async () => {
    const { to } = next();
    await tell(
      event('bounce', { to: to.toUpperCase() }, { sg_message_id: undefined, status: '5.1.1' }),
    );
    expect(await gate(to)).toMatchObject({ undeliverable: true, noAll: false });
  });

  it('P-49 F-88 keeps no opens and no clicks, also not of the opt-out link', async () => {
    const victim = next();
    const before = await stored();
    const url = `${service.env.PUBLIC_URL}/u/abcdefghijklmnopqrstuv`;
    await tell(event('open', victim), event('click', victim, { url }));
    expect(await stored()).toBe(before);
    const report = await service.get(CampaignReports).report(campaignId);
    // What our own links count is told by no provider.
    expect(report.measures!.clicks).toMatchObject({ count: 0 });
    expect(report.links!.map(({ clicks }) => clicks)).toEqual([0]);
    expect(JSON.stringify(report)).not.toMatch(/opened|opens/i);
    const doors = report.optOuts.map(({ door }) => door).sort();
    expect(doors).toEqual(['provider_unsubscribe', 'spam_complaint']);
  });

  function next(): { to: string; messageId: string } {
    const to = ADDRESSES[(used += 1)]!;
    return { to, messageId: messages.get(to)! };
  }

  function event(
    kind: string,
    about: { to?: string; messageId?: string },
    more: Record<string, unknown> = {},
  ): SendGridEvent {
    return stub.events.event(kind, about, more);
  }

  async function tell(...events: SendGridEvent[]): Promise<void> {
    expect(new Set(await stub.events.post(webhook(), events))).toEqual(new Set([204]));
    await apply();
  }

  const apply = () => service.get(ApplyEvents).run();
  const webhook = (to = service) => `${to.url}/webhooks/sendgrid/events`;

  async function post(
    { body, headers }: { body: Buffer; headers: Record<string, string> },
    to = service,
  ): Promise<number> {
    const request = { method: 'POST', headers, body: new Uint8Array(body) };
    return (await fetch(webhook(to), request)).status;
  }

  async function stored(): Promise<number> {
    return count('SELECT count(*) AS n FROM provider_event');
  }

  async function noes(): Promise<number> {
    return count(`SELECT count(*) AS n FROM ledger_entry WHERE kind = 'opt_out'`);
  }

  async function count(sql: string): Promise<number> {
    return (await service.db.query<{ n: number }>(sql))[0]!.n;
  }

  function entries(email: string) {
    return service.db.query<Record<string, unknown>>(
      `SELECT kind, door, scope, channel, message_id AS "messageId", contact_id AS "contactId", seq
       FROM ledger_entry WHERE address_key = $1 AND kind <> 'grant' ORDER BY seq`,
      [service.key(email)],
    );
  }

  async function gate(email: string) {
    const [row] = await service.db.query<{
      noAll: boolean;
      undeliverable: boolean;
      allowed: string[];
    }>(
      `SELECT no_all AS "noAll", undeliverable_at IS NOT NULL AS undeliverable, allowed
       FROM gate WHERE address_key = $1`,
      [service.key(email)],
    );
    return row;
  }

  function settings(publicKey: string): Record<string, string> {
    return {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: publicKey,
    };
  }
});
