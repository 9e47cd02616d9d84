import { SchedulerRegistry } from '@nestjs/schedule';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { SealLedger } from '../../src/features/registry/ledger/seal-ledger';
import { DeliverWebhooks } from '../../src/features/webhooks/deliver-webhooks';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { learner, logIn, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

interface Got {
  headers: Record<string, string>;
  body: string;
}
interface Told {
  type: string;
  data: Record<string, unknown>;
}
interface Delivery {
  id: string;
  type: string;
  attempts: number;
  status: number | null;
  answer: string | null;
  deliveredAt: string | null;
  nextAt: string | null;
}

const ALL = ['opt_out.recorded', 'opt_out.lifted', 'consent.recorded', 'campaign.finished'];

describe('webhooks to other systems', () => {
  let service: Service;
  let admin: Caller;
  let topicId: string;
  let receiver: Server;
  let url: string;
  let got: Got[] = [];
  let answer = { status: 204, body: '' };

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    admin = await logIn(service, 'admin');
    // The tests say when.
    service.get(SchedulerRegistry).deleteInterval('webhooks.deliver');
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(answer.status).end(answer.body);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => receiver.once('listening', listening));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?x=1`;
  });
  afterAll(async () => {
    await service?.close();
    receiver?.close();
  });
  beforeEach(() => {
    answer = { status: 204, body: '' };
  });
  afterEach(async () => {
    await service.db.query('DELETE FROM webhook_delivery');
    await service.db.query('DELETE FROM webhook_endpoint');
    got = [];
  });

  async function call<T>(
    verb: string,
    path: string,
    body?: object,
  ): Promise<{ status: number } & T> {
    const response = await fetch(`${service.url}/api/v1/webhook-endpoints${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json', ...admin.headers },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { ...(text && (JSON.parse(text) as object)), status: response.status } as never;
  }
  const endpoint = (events = ALL) =>
    call<{ id: string; secret: string }>('POST', '', { url, events });
  const deliveries = async (id: string) =>
    (await call<{ items: Delivery[] }>('GET', `/${id}/deliveries`)).items;
  const run = async () => {
    await service.get(SealLedger).run();
    await service.get(DeliverWebhooks).run();
  };
  const told = (): Told[] => got.map(({ body }) => JSON.parse(body) as Told);
  const signedBy = ({ headers, body }: Got, secret: string): boolean => {
    const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64');
    return headers['webhook-signature']!.split(' ').includes(`v1,${mac}`);
  };
  const leaves = (contactId: string) =>
    service.get(OptOuts).byContact(contactId, { door: 'api', actor: OPERATOR });

  it('a consent, a no and its end are told in order, signed, with ids and no address or name', async () => {
    const { id, secret } = await endpoint();
    const email = 'hakan.hemlig@exempel.example';
    const [contactId] = await service.people(topicId, [
      { email, externalId: 'crm-77', firstName: 'Håkan' },
    ]);
    await run();
    await leaves(contactId!);
    await run();
    const me = await learner(service, contactId!);
    const on = await fetch(`${service.url}/api/v1/me/preferences`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...me.headers },
      body: JSON.stringify({ topics: [{ key: 'nyhetsbrev', channel: 'email', on: true }] }),
    });
    await run();
    expect([
      on.status,
      told()
        .map(({ type }) => type)
        .sort(),
    ]).toEqual([
      200,
      ['consent.recorded', 'consent.recorded', 'opt_out.lifted', 'opt_out.recorded'],
    ]);
    expect(told()[0]).toMatchObject({
      type: 'consent.recorded',
      data: { contactId, externalId: 'crm-77', topic: 'nyhetsbrev', channel: 'email' },
    });
    expect(told()[1]).toMatchObject({
      type: 'opt_out.recorded',
      data: { scope: 'all', door: 'api' },
    });
    for (const one of got) {
      expect(signedBy(one, secret)).toBe(true);
      expect(one.body).not.toMatch(/hemlig|Håkan/);
      expect(one.headers['content-type']).toBe('application/json');
    }
    expect((await deliveries(id)).every(({ deliveredAt }) => deliveredAt !== null)).toBe(true);
    await run();
    expect(got).toHaveLength(4);
  }, 30_000);

  it('what was before an endpoint, and what it did not ask for, is not told', async () => {
    const [before] = await service.people(topicId, [{ email: 'fore@exempel.example' }]);
    await leaves(before!);
    const { id } = await endpoint(['opt_out.recorded']);
    await service.people(topicId, [{ email: 'efter@exempel.example' }]);
    await run();
    expect(await deliveries(id)).toEqual([]);
  });

  it('a campaign that has ended is told once', async () => {
    await endpoint(['campaign.finished']);
    await service.people(topicId, [{ email: 'mottagare@exempel.example' }]);
    const campaignId = await service.launch(topicId);
    const { audience } = await service.settled(campaignId);
    await run();
    await run();
    expect(told()).toMatchObject([
      { type: 'campaign.finished', data: { campaignId, state: 'finished', audience } },
    ]);
  }, 30_000);

  it('what does not arrive is tried again later, with the same id, and what was answered is kept short', async () => {
    const { id } = await endpoint(['opt_out.recorded']);
    const [contactId] = await service.people(topicId, [{ email: 'igen@exempel.example' }]);
    answer = { status: 503, body: `Stängt\n${'x'.repeat(1_000)}` };
    await leaves(contactId!);
    await run();
    const [failed] = await deliveries(id);
    expect(failed).toMatchObject({ attempts: 1, status: 503, deliveredAt: null });
    expect(failed!.answer).toMatch(/^Stängt x{100,193}$/);
    await run();
    expect(got).toHaveLength(1);

    answer = { status: 200, body: 'ok' };
    await service.db.query(`UPDATE webhook_delivery SET next_at = now()`);
    await run();
    expect(got).toHaveLength(2);
    expect(got[1]!.headers['webhook-id']).toBe(got[0]!.headers['webhook-id']);
    expect(got[1]!.body).toBe(got[0]!.body);
    expect(await deliveries(id)).toMatchObject([{ attempts: 2, status: 200, nextAt: null }]);

    const again = await call('POST', `/${id}/deliveries/${failed!.id}/again`);
    expect(again.status).toBe(200);
    await run();
    expect(got[2]!.headers['webhook-id']).toBe(failed!.id);
  }, 30_000);

  it('waits for a minute, then four and more, and gives up after three days', async () => {
    const { id } = await endpoint(['opt_out.recorded']);
    const [contactId] = await service.people(topicId, [{ email: 'lange@exempel.example' }]);
    answer = { status: 500, body: '' };
    await leaves(contactId!);
    const pauses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await run();
      const [row] = await service.db.query<{ seconds: number }>(
        `UPDATE webhook_delivery d SET next_at = now() FROM webhook_delivery before
         WHERE before.id = d.id RETURNING extract(epoch FROM before.next_at - before.tried_at)::float8 AS seconds`,
      );
      pauses.push(row!.seconds);
    }
    [15, 60, 240, 960].forEach((usual, at) => {
      expect(pauses[at]! / usual).toBeGreaterThan(0.79);
      expect(pauses[at]! / usual).toBeLessThan(1.21);
    });
    await service.db.query(`UPDATE webhook_delivery SET created_at = now() - interval '73 hours'`);
    await run();
    expect(await deliveries(id)).toMatchObject([{ attempts: 5, nextAt: null, deliveredAt: null }]);
  }, 30_000);

  it('an endpoint that is gone, or fails for three days, is paused; what waited is sent when it goes on', async () => {
    const { id } = await endpoint(['opt_out.recorded']);
    const people = await service.people(topicId, [
      { email: 'borta1@exempel.example' },
      { email: 'borta2@exempel.example' },
    ]);
    answer = { status: 410, body: '' };
    await leaves(people[0]!);
    await run();
    await leaves(people[1]!);
    await run();
    expect(got).toHaveLength(1);
    const { items } = await call<{ items: object[] }>('GET', '');
    expect(items).toMatchObject([{ pausedAt: expect.any(String), waiting: 2 }]);

    answer = { status: 204, body: '' };
    const on = await call<object>('PATCH', `/${id}`, { paused: false });
    expect(on).toMatchObject({ status: 200, pausedAt: null, failingSince: null });
    await run();
    expect((await deliveries(id)).every(({ deliveredAt }) => deliveredAt !== null)).toBe(true);

    answer = { status: 500, body: '' };
    await service.db.query(
      `UPDATE webhook_endpoint SET failing_since = now() - interval '73 hours'`,
    );
    const [third] = await service.people(topicId, [{ email: 'borta3@exempel.example' }]);
    await leaves(third!);
    await run();
    expect((await call<{ items: object[] }>('GET', '')).items).toMatchObject([
      { pausedAt: expect.any(String) },
    ]);
  }, 30_000);

  it('a new secret leaves the old one valid for a day, and no secret is stored', async () => {
    const { id, secret } = await endpoint();
    const fresh = await call<{ secret: string }>('POST', `/${id}/secret`);
    expect(fresh.secret).not.toBe(secret);
    const first = await call<Delivery>('POST', `/${id}/test`);
    expect(first).toMatchObject({
      type: 'webhook.test',
      deliveredAt: expect.any(String),
      attempts: 1,
    });
    expect([secret, fresh.secret].map((one) => signedBy(got[0]!, one))).toEqual([true, true]);
    await service.db.query(
      `UPDATE webhook_endpoint SET previous_until = now() - interval '1 second'`,
    );
    await call('POST', `/${id}/test`);
    expect([secret, fresh.secret].map((one) => signedBy(got[1]!, one))).toEqual([false, true]);
    const [row] = await service.db.query<{ all: string }>(
      `SELECT to_jsonb(p)::text AS all FROM webhook_endpoint p`,
    );
    expect(row!.all).not.toContain(fresh.secret.slice(6));
  });

  it.each([
    ['http://exempel.example/', 'not_https'],
    ['https://10.0.0.1/', 'private_address'],
    ['https://167772161/', 'private_address'],
    ['https://[::ffff:a00:1]/', 'private_address'],
    ['https://anna:hemlig@exempel.example/', 'bad_url'],
    ['ftp://exempel.example/', 'not_https'],
    ['hej', 'bad_url'],
  ])('threat 7: refuses %s', async (bad, code) => {
    const refused = await call<{ errors: object[] }>('POST', '', { url: bad, events: ALL });
    expect(refused).toMatchObject({ status: 422, errors: [{ path: 'url', code }] });
  });

  it('answers 404 for what does not exist, and removes an endpoint with what it was told', async () => {
    const { id } = await endpoint();
    await call('POST', `/${id}/test`);
    for (const [verb, path] of [
      ['POST', `/${newId()}/test`],
      ['GET', `/${newId()}/deliveries`],
      ['POST', `/${id}/deliveries/${newId()}/again`],
      ['DELETE', '/nej'],
    ] as const) {
      expect((await call(verb, path)).status).toBe(404);
    }
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect(await service.db.query('SELECT 1 FROM webhook_delivery')).toEqual([]);
  });
});
