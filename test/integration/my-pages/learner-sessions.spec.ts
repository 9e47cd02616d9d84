import { SweepLearnerLogIns } from '../../../src/features/my-pages/log-in/sweep-learner-log-ins';
import { newId } from '../../../src/platform/ids';
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
  /** One more mailbox of the same person. */
  const alsoAt = (contactId: string, email: string) =>
    world.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       VALUES ($1, $2, 'email', $3, $3, $4, 1, 'crm_sync', now())`,
      [newId(), contactId, email, Buffer.from(world.mailbox(email), 'hex')],
    );
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
    const { cookie, contactId, email } = await loggedIn();
    const { body } = await who(cookie).expect(200);
    const mailbox = world.mailbox(email);
    expect(body).toEqual({ contactId, via: 'link', mailbox, sessionId: expect.any(String) });
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

  describe('shows which mailbox its person reads (P-14)', () => {
    const mailboxOf = async (cookie: string) =>
      ((await who(cookie).expect(200)).body as { mailbox: string | null }).mailbox;
    const kept = async () => {
      const rows = await world.db.query<{ key: Buffer }>(
        'SELECT mailbox_key AS key FROM learner_session WHERE mailbox_key IS NOT NULL',
      );
      return rows.map(({ key }) => key.toString('hex'));
    };
    const sweep = () => world.app.get(SweepLearnerLogIns).run();

    it('the one that the link went to, of several', async () => {
      const { contactId, email } = await loggedIn();
      await alsoAt(contactId, 'andra@example.com');
      expect(await mailboxOf(await world.logIn(email))).toBe(world.mailbox(email));
      expect(await mailboxOf(await world.logIn('andra@example.com'))).toBe(
        world.mailbox('andra@example.com'),
      );
    });

    it('no more after a merge into another contact, and the row forgets it', async () => {
      const { cookie, contactId, email } = await loggedIn();
      const keptId = await world.add({ email: `behallen${count}@example.com` });
      await world.merge(keptId, contactId);
      const { body } = await who(cookie).expect(200);
      expect(body).toMatchObject({ contactId: keptId, mailbox: null });
      await sweep();
      expect(await kept()).not.toContain(world.mailbox(email));
      await who(cookie).expect(200);
    });

    it('still after a merge of another contact into theirs, and no mailbox of the other', async () => {
      const { cookie, contactId, email } = await loggedIn();
      const gone = await world.add({ email: `borta${count}@example.com` });
      await world.merge(contactId, gone);
      await sweep();
      expect(await mailboxOf(cookie)).toBe(world.mailbox(email));
    });

    it('no more when the address is no longer theirs', async () => {
      const { cookie, contactId, email } = await loggedIn();
      await world.db.query('DELETE FROM address WHERE contact_id = $1', [contactId]);
      expect(await mailboxOf(cookie)).toBeNull();
      await sweep();
      expect(await kept()).not.toContain(world.mailbox(email));
    });

    it.each(['restrict', 'erase'] as const)(
      'nor is anything left of it after: %s',
      async (kind) => {
        const { contactId, email } = await loggedIn();
        expect(await kept()).toContain(world.mailbox(email));
        await world.act(kind, contactId);
        await sweep();
        expect(await kept()).not.toContain(world.mailbox(email));
      },
    );

    it('never by a token of the portal’s: the database would not keep it', async () => {
      await loggedIn();
      await expect(world.db.query(`UPDATE learner_session SET via = 'token'`)).rejects.toThrow(
        'learner_session_mailbox',
      );
    });
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
