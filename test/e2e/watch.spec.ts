import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChannelState } from '../../src/features/delivery/channel-state';
import { ApplyEvents } from '../../src/features/feedback/apply-events';
import { CheckOptOutPath } from '../../src/features/feedback/check-opt-out-path';
import { WatchFeedback } from '../../src/features/feedback/watch-feedback';
import { Env } from '../../src/platform/config/env';
import { jobHandlers } from '../../src/processes/jobs';
import { TIMERS } from '../../src/processes/timers';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { logIn, type Caller } from '../setup/callers';
import { Service, until } from '../setup/service';

/** What stands between the world and the web server, and what a bad deployment makes of it. */
type Fault = 'none' | 'is not found' | 'swallows posts' | 'redirects' | 'acts on GET' | 'hangs up';

describe('what the product watches of itself', () => {
  let stub: SendGridStub;
  let proxy: Server;
  let service: Service;
  let topicId: string;
  let fault: Fault = 'none';
  let people = 0;
  let operator: Caller | undefined;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    proxy = createServer((incoming, outgoing) => {
      if (fault === 'hangs up') return void incoming.socket.destroy();
      if (fault === 'is not found') return void outgoing.writeHead(404).end();
      if (fault === 'redirects')
        return void outgoing.writeHead(302, { location: 'https://example.com/' }).end();
      if (fault === 'swallows posts' && incoming.method === 'POST')
        return void outgoing.writeHead(200).end('Du är avregistrerad');
      const method = fault === 'acts on GET' ? 'POST' : incoming.method;
      pass(incoming, method!, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
      PUBLIC_URL: `http://localhost:${(proxy.address() as AddressInfo).port}`,
    });
    topicId = await service.topic('nyhetsbrev');
  });
  beforeEach(async () => {
    fault = 'none';
    await service.db.tx((tx) => service.get(ChannelState).release(tx, 'email'));
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
    proxy.closeAllConnections();
    proxy.close();
  });

  describe('the opt-out page', () => {
    it('P-23 F-92 lets an invented person leave by the public address, at least hourly', async () => {
      const before = await noes();
      expect(await service.get(CheckOptOutPath).run()).toBe(true);
      expect((await noes()) - before).toBe(1);
      expect(await held()).toBeNull();
      const timer = TIMERS.find(({ name }) => name === 'feedback.check-opt-out')!;
      const every = timer.everySeconds as (env: Env) => number;
      expect(every(new Env())).toBeLessThanOrEqual(3600);
    });

    it.each<Fault>(['is not found', 'swallows posts', 'redirects', 'acts on GET', 'hangs up'])(
      'P-23 F-92 holds all sending when the page %s, until a person says otherwise',
      async (broken) => {
        fault = broken;
        expect(await service.get(CheckOptOutPath).run()).toBe(false);
        expect(await held()).toBe('opt_out_page');
        expect(await metric('opt_out_page')).toBe(1);
        // A page that works again is not enough: somebody must have looked.
        fault = 'none';
        expect(await service.get(CheckOptOutPath).run()).toBe(true);
        expect(await metric('opt_out_page')).toBe(0);
        expect(await held()).toBe('opt_out_page');
        await release();
        expect(await held()).toBeNull();
      },
    );

    it('P-23 hands nothing over while it is held, and everything after', async () => {
      await meet();
      fault = 'is not found';
      await service.get(CheckOptOutPath).run();
      const requests = stub.requests.length;
      const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
      await until(async () => (await progress(campaignId)).audience > 0);
      await quiet();
      expect(stub.requests.length).toBe(requests);
      expect((await service.counts(campaignId)).buckets.in_flight).toBe(0);
      await release();
      await service.db.query('UPDATE batch SET retry_at = NULL');
      await service.settled(campaignId);
      expect(stub.requests.length).toBe(requests + 1);
    });

    it('P-23 is tried before each campaign', async () => {
      await meet();
      fault = 'is not found';
      const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
      Object.assign(service.env, { OPT_OUT_CHECK_MINUTES: 60 });
      try {
        await jobHandlers(service.app)['campaigns.launch'](campaignId);
      } finally {
        Object.assign(service.env, { OPT_OUT_CHECK_MINUTES: 0 });
      }
      expect(await held()).toBe('opt_out_page');
    });

    it('P-24 counts links that lead nowhere and noes that could not be recorded', async () => {
      const before = await faults('404');
      await fetch(`${service.url}/u/aaaaaaaaaaaaaaaaaaaaaa`, { method: 'POST' });
      await fetch(`${service.url}/u/x`);
      expect((await faults('404')) - before).toBe(2);
      await service.db.query('ALTER TABLE link_token RENAME TO link_token_away');
      try {
        const answer = await fetch(`${service.url}/u/aaaaaaaaaaaaaaaaaaaaaa`, { method: 'POST' });
        expect(answer.status).toBe(503);
      } finally {
        await service.db.query('ALTER TABLE link_token_away RENAME TO link_token');
      }
      expect(await faults('503')).toBe(1);
    });
  });

  describe('the provider', () => {
    beforeEach(async () => {
      await service.db.query('TRUNCATE provider_event');
    });

    it('P-22 warns at 0.10 % complaints of seven days, and holds sending at 0.30 %', async () => {
      await tell('delivered', 10_000);
      await tell('spamreport', 9);
      await watch();
      expect([await metric('complaint_rate'), await held()]).toEqual([0, null]);
      await tell('spamreport', 1);
      await watch();
      expect([await metric('complaint_rate'), await held()]).toEqual([1, null]);
      await tell('spamreport', 20);
      await watch();
      expect([await metric('complaint_rate'), await held()]).toEqual([1, 'complaint_rate']);
      await release();
      await watch();
      expect(await held()).toBeNull();
      await tell('spamreport', 1);
      await watch();
      expect(await held()).toBe('complaint_rate');
      await service.db.query(
        `UPDATE provider_event SET received_at = received_at - interval '7 days'`,
      );
      await release();
      await watch();
      expect([await metric('complaint_rate'), await held()]).toEqual([0, null]);
    });

    it('P-22 holds sending when one campaign alone is complained of so much', async () => {
      await meet(4);
      const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
      await service.settled(campaignId);
      await tell('delivered', 100_000);
      await post('spamreport', await messagesOf(campaignId, 4));
      await watch();
      expect([await metric('complaint_rate'), await held()]).toEqual([1, 'complaint_rate']);
    });

    it('P-24 F-67 sees a webhook that is silent while mail leaves, also one that never spoke', async () => {
      await meet();
      const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
      await service.settled(campaignId);
      await watch();
      expect(await metric('webhook_silent')).toBe(0);
      await longAgo(campaignId, '16 minutes');
      await watch();
      expect(await metric('webhook_silent')).toBe(1);
      await post('delivered', await messagesOf(campaignId, 1));
      await watch();
      expect(await metric('webhook_silent')).toBe(0);
    });

    it('P-24 sees a large campaign that nobody has left a day later', async () => {
      const newTopic = await service.topic('ingen-lamnar');
      const addresses = Array.from({ length: 2001 }, (_, n) => `stor${n}@exempel.example`);
      await service.people(
        newTopic,
        addresses.map((email) => ({ email })),
      );
      const campaignId = await service.launch(newTopic, { templateKey: 'enkel' });
      await service.settled(campaignId);
      await post('delivered', await messagesOf(campaignId, 2001));
      await watch();
      expect(await metric('nobody_opts_out')).toBe(0);
      await longAgo(campaignId, '25 hours');
      await watch();
      expect(await metric('nobody_opts_out')).toBe(1);
      await post('unsubscribe', await messagesOf(campaignId, 1));
      await watch();
      expect(await metric('nobody_opts_out')).toBe(0);
    }, 60_000);
  });

  function pass(incoming: IncomingMessage, method: string, answer: (a: IncomingMessage) => void) {
    const { port } = new URL(service.url);
    incoming.pipe(
      ask(
        { port, host: '127.0.0.1', path: incoming.url, method, headers: incoming.headers },
        answer,
      ),
    );
  }

  async function meet(count = 1): Promise<void> {
    await service.people(
      topicId,
      Array.from({ length: count }, () => ({ email: `kund${(people += 1)}@exempel.example` })),
    );
  }

  async function progress(campaignId: string) {
    return service.counts(campaignId).catch(() => ({ audience: 0 }));
  }

  async function quiet(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }

  const watch = () => service.get(WatchFeedback).run();

  /** A thousand and more events as if they had come by the webhook, without messages behind them. */
  async function tell(type: string, count: number): Promise<void> {
    await service.db.query(
      `INSERT INTO provider_event (provider, provider_event_id, type, received_at)
       SELECT 'sendgrid', gen_random_uuid(), $1, clock_timestamp() FROM generate_series(1, $2)`,
      [type, count],
    );
  }

  async function post(kind: string, messageIds: string[]): Promise<void> {
    const events = messageIds.map((messageId) => stub.events.event(kind, { messageId }));
    await stub.events.post(`${service.url}/webhooks/sendgrid/events`, events);
    await service.get(ApplyEvents).run();
    await until(async () => (await service.db.query('SELECT 1 FROM event_slice')).length === 0);
  }

  async function messagesOf(campaignId: string, count: number): Promise<string[]> {
    const rows = await service.db.query<{ id: string }>(
      `SELECT m.id FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.permit_at IS NOT NULL ORDER BY m.id LIMIT $2`,
      [campaignId, count],
    );
    return rows.map(({ id }) => id);
  }

  async function longAgo(campaignId: string, ago: string): Promise<void> {
    for (const table of ['message', 'batch']) {
      await service.db.query(
        `UPDATE ${table} SET permit_at = ${table}.permit_at - $2::interval FROM dispatch d
         WHERE d.id = ${table}.dispatch_id AND d.campaign_id = $1`,
        [campaignId, ago],
      );
    }
    await service.db.query(
      `UPDATE dispatch SET finished_at = finished_at - $2::interval WHERE campaign_id = $1`,
      [campaignId, ago],
    );
  }

  async function held(): Promise<string | null> {
    const [email] = (await service.get(ChannelState).list()).filter(
      ({ channel }) => channel === 'email',
    );
    return email?.heldBecause ?? null;
  }

  /** As the person who has mended it does. */
  async function release(): Promise<void> {
    operator ??= await logIn(service, 'admin');
    const url = `${service.url}/api/v1/channels/email/release`;
    const released = await fetch(url, { method: 'POST', headers: operator.headers });
    expect(released.status).toBe(200);
  }

  async function noes(): Promise<number> {
    return (await service.db.query(`SELECT 1 FROM ledger_entry WHERE kind = 'opt_out'`)).length;
  }

  async function metric(what: string): Promise<number> {
    return read(`utskick_unhealthy{what="${what}"}`);
  }

  async function faults(status: string): Promise<number> {
    return read(`utskick_opt_out_page_faults_total{status="${status}"}`);
  }

  async function read(name: string): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(name));
    return Number(line?.slice(name.length) ?? 0);
  }
});
