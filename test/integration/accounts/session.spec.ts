import { cookieOf, setCookie } from '../../setup/cookies';
import { COOKIE, PASSWORD } from './accounts-app';
import { startAccountsApp, type AccountsApp } from './accounts-app';

const EMAIL = 'astrid@larkraft.example';
const NEW_PASSWORD = 'en helt annan lösenfras';

describe('sessions', () => {
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

  const me = (cookie: string) => app.as(cookie).get('/api/v1/session');

  it('lets staff in with the right password, whatever the case of the address', async () => {
    const response = await app.logIn(' Astrid@Larkraft.example ').expect(200);

    expect(response.body).toMatchObject({ type: 'staff', id: staffId, staff: { email: EMAIL } });
    expect(response.body.permissions).toContain('campaigns:write');
    expect(response.text).not.toContain('argon2');
    expect(response.headers['cache-control']).toBe('no-store');
    expect((await me(cookieOf(response)).expect(200)).body).toEqual(response.body);
  });

  it('keeps the token in a cookie that scripts, other sites and sibling domains cannot touch', async () => {
    const cookie = setCookie(await app.logIn(EMAIL));

    expect(cookie).toMatch(new RegExp(`^${COOKIE}=[\\w-]{43};`));
    expect(cookie).toContain('; Path=/;');
    expect(cookie).toContain('; HttpOnly; Secure; SameSite=Lax');
    expect(cookie).not.toContain('Domain');
  });

  it('stores no token, only its SHA-256', async () => {
    const token = (await app.cookieOf(EMAIL)).split('=')[1]!;
    const [row] = await app.db.query<{ whole: string }>(
      'SELECT row_to_json(session)::text AS whole FROM session',
    );
    expect(row!.whole).not.toContain(token);
    expect(row!.whole).not.toContain(Buffer.from(token).toString('hex'));
    expect(row!.whole).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  it('gives a new token at log-in and ends the one the browser carried (threat 27, fixation)', async () => {
    const planted = `${COOKIE}=${'A'.repeat(43)}`;
    const first = cookieOf(await app.logIn(EMAIL, { cookie: planted }).expect(200));
    expect(first).not.toBe(planted);
    await me(planted).expect(401);

    const second = cookieOf(await app.logIn(EMAIL, { cookie: first }).expect(200));
    await me(first).expect(401);
    await me(second).expect(200);
  });

  it('refuses forged and malformed tokens with 401', async () => {
    const token = (await app.cookieOf(EMAIL)).split('=')[1]!;
    const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    const forged = [flipped, token.slice(1), `${token}A`, '', `' OR 1=1 --`, 'null', '%00'];
    for (const value of forged) await me(`${COOKIE}=${value}`).expect(401);
    await me(`utskick=${token}`).expect(401);
    await me('').expect(401);
  });

  it('ends after eight idle hours, but not while it is used', async () => {
    const cookie = await app.cookieOf(EMAIL);
    for (let times = 0; times < 3; times++) {
      app.clock.pass({ hours: 7, minutes: 59 });
      await me(cookie).expect(200);
    }
    app.clock.pass({ hours: 8 });
    await me(cookie).expect(401);
  });

  it('ends after seven days, however much it is used', async () => {
    const cookie = await app.cookieOf(EMAIL);
    for (let hours = 0; hours < 7 * 24 - 4; hours += 4) {
      app.clock.pass({ hours: 4 });
      await me(cookie).expect(200);
    }
    app.clock.pass({ hours: 4 });
    await me(cookie).expect(401);
  });

  it('is gone on the server after log-out', async () => {
    const cookie = await app.cookieOf(EMAIL);
    const response = await app.as(cookie).delete('/api/v1/session').expect(204);

    expect(setCookie(response)).toMatch(new RegExp(`^${COOKIE}=;.*Expires=Thu, 01 Jan 1970`));
    await me(cookie).expect(401);
    expect(await app.auditOf('session.ended')).toMatchObject([{ actorId: staffId }]);
  });

  it("lists one's own sessions and revokes one at once (threat 27)", async () => {
    const here = await app.cookieOf(EMAIL);
    const lost = await app.cookieOf(EMAIL);
    const { items } = (await app.as(here).get('/api/v1/sessions').expect(200)).body;
    expect(items).toHaveLength(2);
    const other = items.find((session: { current: boolean }) => !session.current);

    await app.as(here).delete(`/api/v1/sessions/${other.id}`).expect(204);

    await me(lost).expect(401);
    await me(here).expect(200);
    await app.as(here).delete(`/api/v1/sessions/${other.id}`).expect(404);
    await app.as(here).delete('/api/v1/sessions/not-an-id').expect(404);
  });

  it("does not show or revoke a colleague's session", async () => {
    await app.addStaff('bo@larkraft.example', ['admin']);
    const mine = await app.cookieOf(EMAIL);
    const theirs = await app.cookieOf('bo@larkraft.example');
    const { items } = (await app.as(mine).get('/api/v1/sessions')).body;

    await app.as(theirs).delete(`/api/v1/sessions/${items[0].id}`).expect(404);
    await me(mine).expect(200);
    expect((await app.as(theirs).get('/api/v1/sessions')).body.items).toHaveLength(1);
  });

  it('ends every other session by the next request after a password change, and renews its own (threat 27)', async () => {
    const here = await app.cookieOf(EMAIL);
    const elsewhere = await app.cookieOf(EMAIL);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changed = await app.as(here).put('/api/v1/session/password', body).expect(204);

    await me(elsewhere).expect(401);
    await me(here).expect(401);
    await me(cookieOf(changed)).expect(200);
    await app.logIn(EMAIL).expect(401);
    await app.logIn(EMAIL, { password: NEW_PASSWORD }).expect(200);
    expect(await app.auditOf('staff.password_changed')).toHaveLength(1);
  });

  it('changes no password without the current one, nor to a weak one', async () => {
    const cookie = await app.cookieOf(EMAIL);
    const put = (currentPassword: string, newPassword: string) =>
      app.as(cookie).put('/api/v1/session/password', { currentPassword, newPassword });

    const wrong = await put('a wrong one', NEW_PASSWORD).expect(422);
    expect(wrong.body.errors).toMatchObject([{ path: 'currentPassword', code: 'wrong_password' }]);
    await put(PASSWORD, 'kort').expect(422);
    await put(PASSWORD, PASSWORD).expect(422);
    await put(PASSWORD, `${EMAIL}1`).expect(422);
    await me(cookie).expect(200);
    await app.logIn(EMAIL).expect(200);
  });

  it('opens no session with a password that is changed while it is being verified', async () => {
    const logIn = await app.db.tx(async (tx) => {
      await tx.query("UPDATE staff SET password_hash = 'another' WHERE id = $1", [staffId]);
      const started = app.logIn(EMAIL).then(({ status }) => status);
      await until(async () => {
        // Only this database: other spec files wait for locks on the same server.
        const waiting = await app.db.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      return { started };
    });

    expect(await logIn.started).toBe(401);
    expect(await app.db.query('SELECT 1 FROM session')).toHaveLength(0);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come to hold.');
}
