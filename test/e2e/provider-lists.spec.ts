import { OptOuts } from '../../src/features/registry/opt-outs';
import { CompareLists } from '../../src/features/feedback/provider-lists/compare-lists';
import { MirrorNoes } from '../../src/features/feedback/provider-lists/mirror-noes';
import { Clock } from '../../src/platform/clock';
import { OPERATOR, RECIPIENT } from '../../src/platform/http/actor';
import { Metrics } from '../../src/platform/operations/metrics';
import { TIMERS } from '../../src/processes/timers';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { logIn } from '../setup/callers';
import { utskick } from '../setup/cli';
import { sayYes } from '../setup/say-yes';
import { Service, TEST_SETTINGS, until } from '../setup/service';

const HOUR = 3600_000;
const emailOf = (n: number) => `kund${n}@exempel.example`;
const SECONDS_AGO = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

describe("the provider's own lists", () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  let ids: string[];
  /** How far the product's clock is before ours; it only ever goes forward. */
  let ahead = 0;

  const settings = () => ({
    EMAIL_CHANNEL: 'sendgrid',
    SENDGRID_API_KEY: 'SG.marketing',
    SENDGRID_SERVICE_API_KEY: 'SG.service',
    SENDGRID_API_URL: stub.url,
    SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
  });

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open(settings());
    // What the timers would do at a time of their own, the tests do at theirs.
    await service.db.query(
      `INSERT INTO timer_turn (name, next_run_at) SELECT name, now() + interval '1 day'
       FROM unnest('{feedback.mirror-noes,feedback.compare-lists}'::text[]) AS name
       ON CONFLICT (name) DO UPDATE SET next_run_at = EXCLUDED.next_run_at`,
    );
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + ahead));
    topicId = await service.topic('nyhetsbrev');
    ids = await service.people(
      topicId,
      Array.from({ length: 30 }, (_, n) => ({ email: emailOf(n) })),
    );
    await service.settled(await service.launch(topicId));
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });
  beforeEach(() => {
    stub.lists.mode = { kind: 'answer' };
  });

  const there = () => stub.lists.emails('unsubscribes');
  const sayNo = (email: string) =>
    service.get(OptOuts).byAddress('email', email, { door: 'manual_form', actor: OPERATOR });
  const compare = () => service.get(CompareLists).everything();

  /** The minute's turn, once everything said so far has its place in the ledger's chain. */
  async function nextTurn(): Promise<void> {
    await until(async () => {
      const open = await service.db.query(
        'SELECT FROM ledger_entry WHERE position IS NULL LIMIT 1',
      );
      return open.length === 0;
    });
    await service.get(MirrorNoes).run();
  }

  async function gate(email: string) {
    const [row] = await service.db.query<{
      noAll: boolean;
      allowed: string[];
      undeliverableAt: Date | null;
    }>(
      `SELECT no_all AS "noAll", allowed, undeliverable_at AS "undeliverableAt" FROM gate WHERE address_key = $1`,
      [service.key(email)],
    );
    return row;
  }

  async function doorsOf(email: string): Promise<string[]> {
    const rows = await service.db.query<{ door: string }>(
      `SELECT door FROM ledger_entry WHERE address_key = $1 AND kind IN ('opt_out', 'undeliverable') ORDER BY seq`,
      [service.key(email)],
    );
    return rows.map(({ door }) => door);
  }

  async function metric(line: string): Promise<number> {
    const text = await service.get(Metrics).registry.metrics();
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return Number(found?.split(' ').at(-1));
  }

  const sayYesAgain = (email: string, contactId: string) =>
    sayYes(service, { email, contactId, topicId });

  it('P-33 F-29: a no by the link is a no in both places with the next turn, and service mail goes on', async () => {
    const mail = stub.delivered.find(({ to }) => to === emailOf(0))!;
    const link = mail.headers['List-Unsubscribe']!.slice(1, -1);
    expect((await fetch(service.local(link), { method: 'POST' })).status).toBe(200);
    await nextTurn();
    expect(there()).toEqual([emailOf(0)]);
    expect(TIMERS.find(({ name }) => name === 'feedback.mirror-noes')!.everySeconds).toBe(60);
    expect(await gate(emailOf(0))).toMatchObject({ noAll: true, allowed: [] });
    const { path, method } = stub.lists.requests.at(-1)!;
    expect(`${method} ${path}`).toBe('POST /v3/asm/suppressions/global');

    const keep = service.local(link).replace('/u/', '/preferences/') + '/keep';
    const asked = await fetch(keep, {
      method: 'POST',
      body: new URLSearchParams({ topic: topicId }),
    });
    expect(asked.status).toBe(200);
    await until(async () => stub.delivered.filter(({ to }) => to === emailOf(0)).length === 2);
    expect(stub.requests.at(-1)!.headers.authorization).toBe('Bearer SG.service');
    expect(stub.requests[0]!.headers.authorization).toBe('Bearer SG.marketing');
  });

  it('P-33: says nothing of whom it never mailed, nor of a no to one topic', async () => {
    await service.people(topicId, [{ email: 'aldrig@exempel.example' }]);
    await sayNo('aldrig@exempel.example');
    await sayNo('ingen.vi.vet@exempel.example');
    await service.get(OptOuts).byAddress('email', emailOf(1), {
      door: 'preference_page',
      actor: RECIPIENT,
      what: { scope: 'topic', topicId },
    });
    const before = stub.lists.handedOver().length;
    await nextTurn();
    expect(stub.lists.handedOver().slice(before)).toEqual([]);
    expect(await metric('utskick_provider_list_outbox')).toBe(0);
  });

  it('P-33: holds no address while it waits', async () => {
    stub.lists.mode = { kind: 'status', status: 503 };
    await sayNo(emailOf(2));
    await nextTurn();
    const [row] = await service.db.query(`SELECT * FROM list_outbox`);
    expect(row).toMatchObject({ address_key: service.key(emailOf(2)), attempts: 1 });
    expect(JSON.stringify(row)).not.toContain('exempel');
  });

  it('P-33: a provider that is away for hours learns of it later, once, and holds no no up', async () => {
    stub.lists.mode = { kind: 'status', status: 503 };
    await sayNo(emailOf(3));
    const before = stub.lists.requests.length;
    for (let minute = 0; minute < 6 * 60; minute += 10) {
      ahead += 10 * 60_000;
      await nextTurn();
    }
    expect(stub.lists.requests.length - before).toBe(36);
    expect(there()).not.toContain(emailOf(3));
    expect(await metric('utskick_provider_list_outbox')).toBe(2);
    expect(await metric('utskick_provider_list_outbox_age_seconds')).toBeGreaterThan(5 * 3600);
    expect(await metric('utskick_unhealthy{what="list_outbox"}')).toBe(1);
    const said = performance.now();
    await sayNo(emailOf(4));
    expect(performance.now() - said).toBeLessThan(2_000);

    stub.lists.mode = { kind: 'add_then_drop' };
    ahead += 10 * 60_000;
    await nextTurn();
    stub.lists.mode = { kind: 'answer' };
    ahead += 10 * 60_000;
    await nextTurn();
    expect(there()).toEqual([0, 2, 3, 4].map(emailOf));
    expect(await metric('utskick_provider_list_outbox')).toBe(0);
    expect(await metric('utskick_unhealthy{what="list_outbox"}')).toBe(0);
    const asked = stub.lists.requests.length;
    await nextTurn();
    expect(stub.lists.requests.length).toBe(asked);
  });

  it('P-33: waits as long as a 429 asks for', async () => {
    await sayNo(emailOf(5));
    stub.lists.answerNext({ kind: 'status', status: 429, retryAfter: '120' });
    await nextTurn();
    ahead += 100_000;
    await nextTurn();
    expect(there()).not.toContain(emailOf(5));
    ahead += 30_000;
    await nextTurn();
    expect(there()).toContain(emailOf(5));
  });

  it('P-33: one address that the provider does not take holds no other up', async () => {
    for (const n of [6, 7, 8, 9]) await sayNo(emailOf(n));
    stub.lists.mode = { kind: 'refuse', addresses: [emailOf(7)] };
    await nextTurn();
    expect(there()).toEqual(expect.arrayContaining([6, 8, 9].map(emailOf)));
    expect(there()).not.toContain(emailOf(7));
    stub.lists.mode = { kind: 'answer' };
    ahead += 7 * HOUR;
    await nextTurn();
    expect(there()).toContain(emailOf(7));
  });

  it('P-33: of whom is erased before, nothing is handed over', async () => {
    stub.lists.mode = { kind: 'status', status: 500 };
    await sayNo(emailOf(10));
    await nextTurn();
    await service.db.query('DELETE FROM address WHERE contact_id = $1', [ids[10]]);
    stub.lists.mode = { kind: 'answer' };
    const before = stub.lists.handedOver().length;
    ahead += HOUR;
    await nextTurn();
    expect(stub.lists.handedOver().slice(before)).toEqual([]);
    expect(await service.db.query('SELECT FROM list_outbox')).toEqual([]);
    expect(await gate(emailOf(10))).toMatchObject({ noAll: true });
  });

  it('P-33: a newer yes is not drowned by a no that still waits', async () => {
    stub.lists.mode = { kind: 'status', status: 500 };
    await sayNo(emailOf(11));
    await nextTurn();
    await sayYesAgain(emailOf(11), ids[11]!);
    stub.lists.mode = { kind: 'answer' };
    ahead += HOUR;
    await nextTurn();
    expect(there()).not.toContain(emailOf(11));
  });

  it('P-38 F-12: a no that only the provider knows is a no here, also of somebody we do not know', async () => {
    stub.lists.put('unsubscribes', emailOf(12).toUpperCase());
    stub.lists.put('unsubscribes', 'okand@exempel.example');
    const { items } = await compare();
    expect(items.find(({ list }) => list === 'unsubscribes')).toMatchObject({
      added: 2,
      missingThere: 0,
      allowedHere: 0,
    });
    expect(await doorsOf(emailOf(12))).toEqual(['provider_unsubscribe']);
    expect(await gate(emailOf(12))).toMatchObject({ noAll: true, allowed: [] });
    await service.people(topicId, [{ email: 'okand@exempel.example' }]);
    expect(await gate('okand@exempel.example')).toMatchObject({ noAll: true, allowed: [] });
    const mailed = stub.delivered.length;
    await service.settled(await service.launch(topicId));
    const again = stub.delivered.slice(mailed).map(({ to }) => to);
    expect(again).not.toContain(emailOf(12));
    expect(again).not.toContain('okand@exempel.example');
    expect(await metric('utskick_unhealthy{what="provider_lists"}')).toBe(0);
  });

  it('P-38: takes spam reports for a no, bounces for a dead address, and neither for what passes', async () => {
    stub.lists.put('spam_reports', emailOf(13));
    stub.lists.put('bounces', emailOf(14), { reason: '550 5.1.1 unknown', status: '5.1.1' });
    stub.lists.put('bounces', emailOf(15), { reason: '450 4.2.2 full', status: '4.2.2' });
    stub.lists.put('blocks', emailOf(16), { reason: 'no route to host', status: '4.0.0' });
    const { items } = await compare();
    expect(Object.fromEntries(items.map(({ list, added }) => [list, added]))).toEqual({
      unsubscribes: 0,
      spam_reports: 1,
      bounces: 1,
      blocks: 0,
    });
    expect(await doorsOf(emailOf(13))).toEqual(['spam_complaint']);
    expect(await doorsOf(emailOf(14))).toEqual(['bounce']);
    expect((await gate(emailOf(14)))!.undeliverableAt).not.toBeNull();
    expect((await gate(emailOf(15)))!.undeliverableAt).toBeNull();
    expect(await gate(emailOf(16))).toMatchObject({ noAll: false, undeliverableAt: null });
    // Who complained is kept out there too.
    expect(there()).toContain(emailOf(13));
    const again = await compare();
    expect(again.items.map(({ added }) => added)).toEqual([0, 0, 0, 0]);
  });

  it('P-38 P-34: what the provider has lost is handed over again, and never lifted here', async () => {
    stub.lists.takeOff('unsubscribes', emailOf(3));
    await compare();
    expect(there()).toContain(emailOf(3));
    expect(await gate(emailOf(3))).toMatchObject({ noAll: true });
    stub.lists.takeOff('bounces', emailOf(14));
    await compare();
    expect((await gate(emailOf(14)))!.undeliverableAt).not.toBeNull();
    expect(new Set(stub.lists.requests.map(({ method }) => method))).toEqual(
      new Set(['GET', 'POST']),
    );
  });

  it('P-24 P-38: who said yes after all is shown as blocked there, and never says no by it', async () => {
    await sayYesAgain(emailOf(4), ids[4]!);
    // We put it there ourselves: whatever the time the provider gives it, it is no news.
    stub.lists.put('unsubscribes', emailOf(4), { created: SECONDS_AGO(-2) });
    stub.lists.put('unsubscribes', emailOf(17), { created: SECONDS_AGO(3600) });
    await sayYesAgain(emailOf(17), ids[17]!);
    const { items } = await compare();
    expect(items.find(({ list }) => list === 'unsubscribes')).toMatchObject({
      added: 0,
      allowedHere: 2,
    });
    expect(await gate(emailOf(4))).toMatchObject({ allowed: [topicId] });
    expect(await gate(emailOf(17))).toMatchObject({ allowed: [topicId] });
    expect(
      await metric('utskick_provider_list_difference{list="unsubscribes",side="allowed_here"}'),
    ).toBe(2);
    expect(await metric('utskick_unhealthy{what="provider_lists"}')).toBe(1);
    // A no of theirs that is newer than the yes counts.
    stub.lists.put('unsubscribes', emailOf(17), { created: SECONDS_AGO(-2) });
    ahead += HOUR;
    await compare();
    expect(await gate(emailOf(17))).toMatchObject({ noAll: true, allowed: [] });
    stub.lists.takeOff('unsubscribes', emailOf(4));
    await compare();
    expect(await metric('utskick_unhealthy{what="provider_lists"}')).toBe(0);
  });

  it('P-38: a drop that only echoes our own mirror does not outweigh the yes that followed', async () => {
    await sayNo(emailOf(18));
    await nextTurn();
    expect(there()).toContain(emailOf(18));
    await sayYesAgain(emailOf(18), ids[18]!);
    const before = stub.delivered.length;
    await service.settled(await service.launch(topicId));
    const mails = stub.delivered.slice(before);
    const dropOf = (n: number) =>
      stub.events.event(
        'dropped',
        mails.find(({ to }) => to === emailOf(n))!,
        {
          reason: 'Unsubscribed Address',
        },
      );
    await stub.events.post(`${service.url}/webhooks/sendgrid/events`, [dropOf(18), dropOf(19)]);
    await until(async () => (await doorsOf(emailOf(19))).includes('provider_unsubscribe'));
    expect(await doorsOf(emailOf(18))).toEqual(['manual_form']);
    expect(await gate(emailOf(18))).toMatchObject({ allowed: [topicId] });
    stub.lists.takeOff('unsubscribes', emailOf(18));
    await compare();
  });

  it('P-38: a list that cannot be read keeps no other from being read and compared, and is told', async () => {
    const before = new Map((await service.get(CompareLists).last()).items.map((i) => [i.list, i]));
    stub.lists.mode = { kind: 'forbidden', list: 'unsubscribes' };
    stub.lists.put('spam_reports', emailOf(20));
    ahead += HOUR;
    await expect(compare()).rejects.toThrow('unsubscribes cannot be read: 403');
    expect(await gate(emailOf(20))).toMatchObject({ noAll: true });
    const after = new Map((await service.get(CompareLists).last()).items.map((i) => [i.list, i]));
    expect(after.get('unsubscribes')!.comparedAt).toEqual(before.get('unsubscribes')!.comparedAt);
    for (const list of ['spam_reports', 'bounces', 'blocks'])
      expect(after.get(list)!.comparedAt!.getTime()).toBeGreaterThan(
        before.get(list)!.comparedAt!.getTime(),
      );

    stub.lists.mode = { kind: 'forbidden', list: 'blocks' };
    stub.lists.takeOff('unsubscribes', emailOf(3));
    ahead += 24 * HOUR;
    await expect(service.get(CompareLists).turn()).rejects.toThrow('blocks cannot be read: 403');
    expect(there()).toContain(emailOf(3));
    // Only what is missing is asked for again.
    const asked = stub.lists.requests.length;
    await expect(service.get(CompareLists).turn()).rejects.toThrow('blocks');
    expect(stub.lists.requests.slice(asked).map(({ path }) => path)).toEqual([
      '/v3/suppression/blocks',
    ]);
    stub.lists.mode = { kind: 'answer' };
    await service.get(CompareLists).turn();
  });

  it('P-38: goes on where it broke off, and takes half a page for none', async () => {
    const strangers = Array.from({ length: 1_200 }, (_, n) => `okand${n}@exempel.example`);
    for (const email of strangers) stub.lists.put('unsubscribes', email);
    ahead += HOUR;
    stub.lists.answerNext(
      { kind: 'answer' },
      { kind: 'status', status: 429, retryAfter: '0' },
      { kind: 'answer' },
      { kind: 'break_off' },
      { kind: 'break_off' },
      { kind: 'break_off' },
    );
    const asked = stub.lists.requests.length;
    await expect(compare()).rejects.toThrow('unreadable');
    const offsets = () =>
      stub.lists.requests
        .slice(asked)
        .flatMap(({ path, query }) =>
          path === '/v3/suppression/unsubscribes' ? [Number(query.offset)] : [],
        );
    expect(offsets()).toEqual([0, 500, 500, 1000, 1000, 1000]);
    await compare();
    const whole = there().length;
    expect(offsets().slice(6)).toEqual([1000, whole]);
    const noes = await service.db.query(
      `SELECT FROM ledger_entry WHERE address_key = ANY($1) AND kind = 'opt_out'`,
      [strangers.map((email) => service.key(email))],
    );
    expect(noes).toHaveLength(1_200);
  });

  it('P-38: looks at what is new when a process begins, and at everything once a night', async () => {
    const lists = service.get(CompareLists);
    const since = async () => {
      const asked = stub.lists.requests.length;
      await lists.turn();
      return stub.lists.requests
        .slice(asked)
        .flatMap(({ path, query }) =>
          path === '/v3/suppression/spam_reports' && query.offset === '0'
            ? [query.start_time === undefined ? 'ever' : 'lately']
            : [],
        );
    };
    await compare();
    expect(await since()).toEqual([]);
    ahead += 24 * HOUR;
    expect(await since()).toEqual(['ever']);
    expect(await since()).toEqual([]);
    const another = await Service.open(settings(), 'web', service.database);
    jest.spyOn(another.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + ahead));
    const asked = stub.lists.requests.length;
    await another.get(CompareLists).turn();
    await another.close();
    const first = stub.lists.requests.slice(asked).filter(({ query }) => query.offset === '0');
    expect(first.map(({ query }) => query.start_time !== undefined)).toEqual(Array(4).fill(true));
  });

  it('P-38: shows the last comparison to operators, and makes one when asked', async () => {
    const admin = await logIn(service, 'admin');
    const path = `${service.url}/api/v1/operations/provider-lists`;
    const answer = await fetch(path, { headers: admin.headers });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      comparedAt: expect.any(String),
      items: expect.arrayContaining([
        expect.objectContaining({ list: 'unsubscribes', listed: there().length, missingThere: 0 }),
      ]),
      outbox: { waiting: 0, oldestAt: null },
    });
    const cli = (more: Record<string, string>) =>
      utskick({ ...TEST_SETTINGS, DATABASE_URL: service.env.DATABASE_URL!, ...more }, [
        'registry',
        'compare',
      ]);
    const done = await cli(settings());
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain('100 %');
    expect(done.out).toMatch(/unsubscribed +1,\d{3} +0 +0 +0/);
    const without = await cli({});
    expect(without.code).toBe(1);
    expect(without.err).toContain('no_provider_lists');
  });
});
