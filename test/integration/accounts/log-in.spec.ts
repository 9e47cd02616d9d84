import argon2 from '@node-rs/argon2';
import { startAccountsApp, type AccountsApp } from './accounts-app';

const EMAIL = 'astrid@larkraft.example';
const WRONG = { password: 'a wrong password' };

describe('log-in', () => {
  let app: AccountsApp;
  let staffId: string;

  beforeAll(async () => {
    app = await startAccountsApp();
  });
  beforeEach(async () => {
    await app.reset();
    staffId = await app.addStaff(EMAIL, ['marketer']);
  });
  afterAll(() => app.close());

  it('answers alike for a wrong password, an unknown and a disabled account (threat 17)', async () => {
    await app.addStaff('disabled@larkraft.example', ['reader']);
    await app.db.query('UPDATE staff SET disabled_at = now() WHERE email LIKE $1', ['disabled%']);
    const answers = [
      await app.logIn(EMAIL, WRONG),
      await app.logIn('nobody@larkraft.example', WRONG),
      await app.logIn('disabled@larkraft.example'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]!.body);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(await app.auditOf('session.refused')).toMatchObject([
      { subjectId: staffId },
      { subjectId: null },
      { subjectId: expect.any(String) },
    ]);
  });

  it('takes as long for an unknown account as for a known one (threat 17)', async () => {
    const verify = jest.spyOn(argon2, 'verify');
    for (const email of [EMAIL, 'nobody@larkraft.example'])
      await app.logIn(email, WRONG).expect(401);
    // One hash each, which takes nearly all the time; of the same cost, which is all before the salt.
    const costs = verify.mock.calls.map(([stored]) => String(stored).split('$').slice(1, 4));
    verify.mockRestore();
    expect(costs).toHaveLength(2);
    expect(costs[0]).toEqual(['argon2id', 'v=19', expect.stringMatching(/^m=\d+,t=\d+,p=\d+$/)]);
    expect(costs[1]).toEqual(costs[0]);
  });

  it('makes a guesser wait longer and longer after five tries (threat 28)', async () => {
    const tries = async (n: number) => {
      for (let i = 0; i < n; i++) await app.logIn(EMAIL, WRONG).expect(401);
    };
    await tries(5);
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      const refused = await app.logIn(EMAIL, WRONG).expect(429);
      expect(refused.body.code).toBe('too_many_log_ins');
      const seconds = Number(refused.headers['retry-after']);
      waits.push(seconds);
      app.clock.pass({ seconds: seconds - 1 });
      await app.logIn(EMAIL).expect(429);
      app.clock.pass({ seconds: 1 });
      await tries(1);
    }
    expect(waits).toEqual([5, 10, 20, 40]);
  });

  /** Turns the failures so far into fifty times as many. */
  const timesFifty = () =>
    app.db.query(
      'INSERT INTO login_failure (key, at) SELECT key, at FROM login_failure, generate_series(2, 50)',
    );

  it('never locks the owner out from another place, however many places guess (threat 28)', async () => {
    for (let n = 1; n <= 5; n++) await app.logIn(EMAIL, { ...WRONG, ip: `198.51.100.${n}` });
    await timesFifty();
    await app.logIn(EMAIL, { ip: '198.51.100.1' }).expect(429);
    await app.logIn(EMAIL, { ip: '192.0.2.77' }).expect(200);
  });

  it('leaves each place one free try on an account that many places guess at (threat 28)', async () => {
    await app.logIn(EMAIL, { ...WRONG, ip: '198.51.100.1' });
    await timesFifty();
    await app.logIn(EMAIL, { ...WRONG, ip: '203.0.113.5' }).expect(401);
    await app.logIn(EMAIL, { ...WRONG, ip: '203.0.113.5' }).expect(429);
    const other = { ...WRONG, ip: '203.0.113.5' };
    await app.logIn('bo@larkraft.example', other).expect(401);
    await app.logIn('bo@larkraft.example', other).expect(401);
  });

  it('slows one place that tries many accounts (threat 28)', async () => {
    for (let n = 0; n < 30; n++) await app.logIn(`guess${n}@larkraft.example`, WRONG).expect(401);
    await app.logIn('guess30@larkraft.example', WRONG).expect(429);
    app.clock.pass({ seconds: 60 });
    await app.logIn(EMAIL).expect(200);
  });

  it('counts tries that come all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.logIn(EMAIL, WRONG)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  it('forgets the slips of someone who then gets it right', async () => {
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) await app.logIn(EMAIL, WRONG).expect(401);
      await app.logIn(EMAIL).expect(200);
    }
  });

  it('keeps neither account nor address of a failed log-in in the clear', async () => {
    await app.logIn(EMAIL, { ...WRONG, ip: '192.0.2.99' });
    const rows = await app.db.query<{ key: Buffer }>('SELECT key FROM login_failure');
    expect(rows).toHaveLength(3);
    for (const { key } of rows) expect(key).toHaveLength(32);
  });

  it('refuses more than an address and a password (threat 4), and anything but text', async () => {
    const send = (body: object) => app.http.post('/api/v1/session').send(body);
    const extra = await send({ email: EMAIL, password: 'x', roles: ['admin'] }).expect(422);
    expect(extra.body.errors).toMatchObject([{ path: 'roles', code: 'unknown_field' }]);
    await send({ email: { not: null }, password: { not: null } }).expect(422);
    await send({ email: 'a\0b@larkraft.example', password: 'x' }).expect(422);
    await send({ email: EMAIL }).expect(422);
    await send([]).expect(422);
  });

  it('takes no log-in from another site (threat 13)', async () => {
    const body = { email: EMAIL, password: 'x' };
    const crossSite = await app.http
      .post('/api/v1/session')
      .set('Sec-Fetch-Site', 'cross-site')
      .send(body);
    expect(crossSite.status).toBe(403);
    await app.http
      .post('/api/v1/session')
      .type('text/plain')
      .send(JSON.stringify(body))
      .expect(422);
  });
});
