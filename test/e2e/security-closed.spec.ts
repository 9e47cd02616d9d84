import { Permit } from '../../src/features/delivery/permit';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Cable } from '../setup/cable';
import { learner, logIn, type Caller } from '../setup/callers';
import { createTestRedis } from '../setup/redis';
import { declaredRoutes } from '../setup/routes';
import { Service, until } from '../setup/service';

declare const JOBS: 'in-process' | 'bull';

const SUCCESS = /Klart|Du får inget mer|avregistrerad|You will get nothing more/;
const ONE_CLICK = 'List-Unsubscribe=One-Click';

describe('what is not sure is a no (threat 35)', () => {
  let stub: SendGridStub;
  let cable: Cable;
  let service: Service;
  let topicId: string;
  let admin: Caller;
  let person: Caller;
  let tokens: string[];
  let people = 0;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    cable = await Cable.toNewDatabase();
    const settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '10',
      ...(JOBS === 'bull' ? { REDIS_URL: await createTestRedis() } : {}),
    };
    service = await Service.open(settings, 'all', { url: cable.url, drop: async () => undefined });
    topicId = await service.topic('nyhetsbrev');
    await meet(30);
    admin = await logIn(service, 'admin');
    const [somebody] = await service.db.query<{ id: string }>('SELECT id FROM contact LIMIT 1');
    person = await learner(service, somebody!.id);
    await service.settled(await service.launch(topicId, { templateKey: 'enkel' }));
    tokens = stub.requests.flatMap(({ mail }) =>
      mail.personalizations.map(
        ({ headers }) => /\/u\/([\w-]{22})/.exec(headers!['List-Unsubscribe']!)![1]!,
      ),
    );
  }, 60_000);
  afterAll(async () => {
    await service.close();
    await cable.drop();
    await stub.stop();
  });

  async function meet(count: number): Promise<void> {
    const some = Array.from({ length: count }, () => ({ email: `p${people++}@exempel.example` }));
    await service.people(topicId, some);
  }

  async function ask(path: string, body?: string, headers: Record<string, string> = {}) {
    const response = await fetch(service.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });
    const text = await response.text();
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
  }

  const optOuts = async () =>
    (await service.db.query(`SELECT FROM ledger_entry WHERE kind = 'opt_out'`)).length;
  const requests = () => stub.requests.length;

  /** While the work is done these tables are somewhere else, so that whatever asks for them throws. */
  async function without<T>(tables: string[], work: () => Promise<T>): Promise<T> {
    for (const table of tables)
      await service.db.query(`ALTER TABLE ${table} RENAME TO ${table}_away`);
    try {
      return await work();
    } finally {
      for (const table of tables)
        await service.db.query(`ALTER TABLE ${table}_away RENAME TO ${table}`);
    }
  }

  describe('with the database away', () => {
    beforeAll(() => cable.pull());
    afterAll(() => cable.plugIn());

    it.each([
      ['the button of the page', 'form=1'],
      ['the one-click request', ONE_CLICK],
      ['a bare request', ''],
    ])('F-15 P-10 answers %s with 503 and no word of success', async (_, body) => {
      const { status, text, retryAfter } = await ask(`/u/${tokens[0]}`, body);
      expect([status, retryAfter]).toEqual([503, '60']);
      expect(text).not.toMatch(SUCCESS);
      expect(text).toContain(service.env.CONTROLLER_PHONE);
    });

    it('says so on every other page that would have to ask it, too', async () => {
      for (const [path, body] of [
        [`/u/${tokens[0]}`],
        [`/preferences/${tokens[0]}`],
        [`/preferences/${tokens[0]}`, 'action=all'],
        [`/why/${tokens[0]}`],
        ['/avsluta', 'address=p1%40exempel.example'],
        ['/'],
        ['/signup/prov'],
        [`/confirm/${'A'.repeat(43)}`, ''],
        ['/archive'],
      ] as [string, string?][]) {
        const { status, text, retryAfter } = await ask(path, body);
        expect([path, body, status, Number(retryAfter) > 0]).toEqual([path, body, 503, true]);
        expect(text).not.toMatch(SUCCESS);
      }
    });

    it('lets nobody into the API, and lives', async () => {
      for (const { verb, path, access } of declaredRoutes(service)) {
        if (access === 'public' || verb !== 'GET') continue;
        const { headers } = access === 'learner' ? person : admin;
        const { status, text } = await ask(path.replace(/:\w+/, 'x'), undefined, headers);
        expect([path, status, text.includes('"code":"database_unavailable"')]).toEqual([
          path,
          503,
          true,
        ]);
      }
      expect((await ask('/healthz')).status).toBe(200);
      expect((await ask('/readyz')).status).toBe(503);
    });
  });

  it('P-10 leaves nobody waiting for a database that does not answer at all', async () => {
    // On connections that are there already, and so do not fail to be made.
    await Promise.all(Array.from({ length: 5 }, () => ask('/readyz')));
    cable.freeze();
    const answers = await Promise.all([
      ask(`/u/${tokens[2]}`),
      ask(`/u/${tokens[2]}`, ONE_CLICK),
      ask('/avsluta', 'address=p2%40exempel.example'),
    ]);
    await cable.pull();
    await cable.plugIn();
    expect(answers.map(({ status, retryAfter }) => [status, retryAfter])).toEqual(
      Array(3).fill([503, expect.stringMatching(/^(30|60)$/)]),
    );
    expect(answers.filter(({ text }) => SUCCESS.test(text))).toEqual([]);
  });

  it('takes the same request for what it is, once the database is back', async () => {
    const before = await optOuts();
    for (let times = 0; times < 2; times++) {
      const { status, text } = await ask(`/u/${tokens[0]}`, 'form=1');
      expect([status, SUCCESS.test(text)]).toEqual([200, true]);
    }
    expect(await optOuts()).toBe(before + 1);
    expect((await ask('/readyz')).status).toBe(200);
  });

  it.each([['ledger_entry'], ['gate']])(
    'tells no success when the no could not be written to %s, and keeps half of nothing',
    async (table) => {
      const before = await optOuts();
      const answer = await without([table], () => ask(`/u/${tokens[1]}`, ONE_CLICK));
      expect(answer.status).toBe(503);
      expect(answer.text).not.toMatch(SUCCESS);
      expect(await optOuts()).toBe(before);
      expect(await service.db.query('SELECT FROM gate WHERE no_all')).toHaveLength(1);
    },
  );

  it.each([['session'], ['staff'], ['learner_session']])(
    'lets nobody in when %s cannot be read',
    async (table) => {
      const caller = table === 'learner_session' ? person : admin;
      await without([table], async () => {
        for (const { verb, path, access } of declaredRoutes(service)) {
          if (access === 'public' || (access === 'learner') !== (caller === person)) continue;
          const method = {
            method: verb,
            headers: { ...caller.headers, 'content-type': 'application/json' },
          };
          const response = await fetch(service.url + path.replace(/:\w+/, 'x'), {
            ...method,
            ...(verb === 'GET' ? {} : { body: '{}' }),
          });
          expect([verb, path, response.status]).toEqual([verb, path, 500]);
        }
      });
      expect((await ask('/api/v1/session', undefined, admin.headers)).status).toBe(200);
    },
  );

  it('hands nothing over while the permit throws, and everything once when it does not', async () => {
    await service.db.query(`
      CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
      CREATE TRIGGER broken BEFORE UPDATE ON batch FOR EACH ROW
        WHEN (NEW.message_state = 'HANDED_OVER') EXECUTE FUNCTION broken()`);
    const before = requests();
    const take = jest.spyOn(service.get(Permit), 'take');
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => take.mock.results.length >= 3, 20, 'a permit asked for');
    const asked = take.mock.results.map(({ value }) => value as Promise<unknown>);
    const answers = await Promise.allSettled(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(requests()).toBe(before);
    take.mockRestore();
    await service.db.query('DROP FUNCTION broken CASCADE');
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: 29, withheld: 1 } });
    expect(stub.account().doubled).toBe(0);
  }, 60_000);

  it('F-80 survives five seconds without the database in mid-campaign: nothing lost, nothing twice, nobody asked', async () => {
    await meet(570);
    stub.mode = { kind: 'accept', delayMs: 100 };
    const before = stub.takenByMessage().size;
    const taken = () => stub.takenByMessage().size - before;
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => taken() > 100, 30, 'a sixth of the audience');
    await cable.pull();
    // What had its permit may still leave, within two seconds; after that nothing does.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const left = requests();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(requests()).toBe(left);
    expect(taken()).toBeLessThan(599);
    await cable.plugIn();
    const counts = await service.settled(campaignId, ['finished'], 60);
    expect(counts).toMatchObject({
      audience: 600,
      gap: 0,
      buckets: { accepted: 599, withheld: 1, pending: 0, in_flight: 0, unknown: 0, rejected: 0 },
    });
    expect(taken()).toBe(599);
    expect(stub.account().doubled).toBe(0);
  }, 120_000);
});
