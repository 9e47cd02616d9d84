import { SweepLearnerLogIns } from '../../../src/features/my-pages/log-in/sweep-learner-log-ins';
import { setCookie } from '../../setup/cookies';
import { COOKIE, openLearnerWorld, type LearnerWorld } from './learner-world';

describe('a session of Mina sidor', () => {
  let world: LearnerWorld;
  let count = 0;

  beforeAll(async () => (world = await openLearnerWorld()));
  afterAll(() => world.close());

  async function loggedIn() {
    const email = `elev${(count += 1)}@example.com`;
    const contactId = await world.add({ email });
    return { email, contactId, cookie: await world.logIn(email) };
  }
  const who = (cookie: string) => world.withCookie(cookie);
  const auditOf = (action: string, contactId: string) =>
    world.db.query<{ details: unknown; subject: string }>(
      `SELECT details, subject_type AS subject FROM audit_entry
       WHERE action = $1 AND actor_type = 'learner' AND actor_id = $2`,
      [action, contactId],
    );

  it('is kept in a cookie that scripts, other sites and sibling domains cannot touch', async () => {
    const { email } = await loggedIn();
    await world.askForLink(email);
    const cookie = setCookie(await world.http.post((await world.linksTo(email)).at(-1)!));
    expect(cookie).toMatch(new RegExp(`^${COOKIE}=[\\w-]{43};`));
    expect(cookie).toContain('; Path=/;');
    expect(cookie).toContain('; HttpOnly; Secure; SameSite=Lax');
    expect(cookie).not.toContain('Domain');
    expect(cookie).toContain('Max-Age=28800');
  });

  it('tells who it is, and has no token in the database', async () => {
    const { cookie, contactId } = await loggedIn();
    const { body } = await who(cookie).expect(200);
    expect(body).toEqual({ contactId, via: 'link', sessionId: expect.any(String) });
    const rows = await world.db.query(
      'SELECT row_to_json(learner_session)::text AS row FROM learner_session',
    );
    const token = cookie.split('=')[1]!;
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  it('ends after half an hour of rest', async () => {
    const { cookie } = await loggedIn();
    for (let n = 0; n < 3; n++) {
      world.clock.pass({ minutes: 29 });
      await who(cookie).expect(200);
    }
    world.clock.pass({ minutes: 30 });
    await who(cookie).expect(401);
  });

  it('ends after eight hours without any rest, and is swept', async () => {
    const { cookie } = await loggedIn();
    for (let n = 0; n < 19; n++) {
      world.clock.pass({ minutes: 25 });
      await who(cookie).expect(200);
    }
    world.clock.pass({ minutes: 5 });
    await who(cookie).expect(401);
    await world.app.get(SweepLearnerLogIns).run();
    expect(await world.count('learner_session')).toBe(0);
  });

  it('is a new one at every log-in, and the one that the browser had is over', async () => {
    const { cookie, email, contactId } = await loggedIn();
    const planted = `${COOKIE}=${'A'.repeat(43)}`;
    const second = await world.logIn(email, cookie);
    expect(second).not.toBe(cookie);
    await who(cookie).expect(401);
    await who(second).expect(200);
    expect(await world.logIn(email, planted)).not.toBe(planted);
    await who(planted).expect(401);
    expect(await auditOf('learner_session.opened', contactId)).toHaveLength(3);
    expect(await auditOf('learner_session.ended', contactId)).toHaveLength(1);
  });

  it('ends at log-out, there and then', async () => {
    const { cookie, contactId } = await loggedIn();
    const answer = await world.http.post('/mina-sidor/logout').set('Cookie', cookie).expect(303);
    expect(answer.headers.location).toBe('/mina-sidor/login');
    expect(setCookie(answer)).toContain(`${COOKIE}=;`);
    await who(cookie).expect(401);
    expect(await auditOf('learner_session.ended', contactId)).toHaveLength(1);
    await world.http.post('/mina-sidor/logout').expect(303);
  });

  it.each(['restrict', 'erase'] as const)(
    'leads nowhere from the next request on, after: %s',
    async (kind) => {
      const { cookie, contactId } = await loggedIn();
      await who(cookie).expect(200);
      await world.act(kind, contactId);
      await who(cookie).expect(401);
    },
  );

  it('leads nowhere when the contact is gone', async () => {
    const { cookie, contactId } = await loggedIn();
    await world.db.query('DELETE FROM contact WHERE id = $1', [contactId]);
    await who(cookie).expect(401);
  });

  it('follows a merge, and ends with a restriction of who was kept', async () => {
    const { cookie, contactId } = await loggedIn();
    const kept = await world.add({ email: 'kvar@example.com' });
    await world.merge(kept, contactId);
    expect((await who(cookie).expect(200)).body.contactId).toBe(kept);
    await world.act('restrict', kept);
    await who(cookie).expect(401);
  });

  it('is one person’s: another cookie shows another (F-69)', async () => {
    const [one, other] = [await loggedIn(), await loggedIn()];
    expect((await who(one.cookie)).body.contactId).toBe(one.contactId);
    expect((await who(other.cookie)).body.contactId).toBe(other.contactId);
    await world.http.post('/mina-sidor/logout').set('Cookie', one.cookie);
    await who(other.cookie).expect(200);
  });

  it('counts for nothing beside a token: that alone decides', async () => {
    const { cookie } = await loggedIn();
    await who(cookie).set('Authorization', 'Bearer a.b.c').expect(503);
  });

  describe('changes something only for a page of ours', () => {
    const put = (cookie: string, headers: Record<string, string>) =>
      world.http.put('/api/v1/who').set({ Cookie: cookie, ...headers });

    it.each<[string, Record<string, string>]>([
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['a neighbour', { 'Sec-Fetch-Site': 'same-site' }],
      ['another origin', { Origin: 'https://evil.example' }],
      ['no origin', { Origin: 'null' }],
      ['nothing said', {}],
    ])('not for %s', async (_, from) => {
      const { cookie } = await loggedIn();
      const { body } = await put(cookie, from).expect(403);
      expect(body.code).toBe('cross_site_request');
    });

    it.each<[string, Record<string, string>]>([
      ['says so', { 'Sec-Fetch-Site': 'same-origin' }],
      ['has our origin', { Origin: 'https://utskick.example' }],
    ])('which %s', async (_, from) => {
      const { cookie } = await loggedIn();
      await put(cookie, from).expect(200);
    });
  });

  it('is opened by no page, however it is asked for', async () => {
    for (const path of [
      'login',
      'link',
      `link/${'A'.repeat(43)}`,
      'oidc/callback?code=x&state=y',
    ]) {
      const answer = await world.http.get(`/mina-sidor/${path}`).set('Cookie', `${COOKIE}=x`);
      expect([path, setCookie(answer)]).toEqual([path, '']);
    }
  });
});
