import { Controller, Get, Post, type Type } from '@nestjs/common';
import { Sessions } from '../../../src/features/accounts/sessions.service';
import { Permit, Public } from '../../../src/platform/http/access';
import {
  PERMISSIONS,
  ROLE_PERMISSIONS,
  ROLES,
  type Permission,
} from '../../../src/platform/http/permissions';
import { COOKIE, PUBLIC_URL, startAccountsApp, type AccountsApp } from './accounts-app';

@Controller('probe')
class Probe {
  calls = 0;

  @Get('open')
  @Public()
  open() {
    return 'open';
  }

  @Get('without-rule')
  withoutRule() {
    return 'never';
  }

  @Get('both')
  @Public()
  @Permit('staff:manage')
  both() {
    return 'never to just anyone';
  }

  @Post('form')
  @Public()
  form() {
    return { calls: ++this.calls };
  }

  @Post('one-click')
  @Public({ anyOrigin: true })
  oneClick() {
    return { calls: ++this.calls };
  }

  @Post('change')
  @Permit('signed-in')
  change() {
    return { calls: ++this.calls };
  }
}

const pathOf = (permission: Permission) => `/permission/${permission.replace(':', '-')}`;

function routeWith(permission: Permission): Type {
  @Controller()
  class Route {
    @Get(pathOf(permission))
    @Permit(permission)
    get() {
      return permission;
    }
  }
  return Route;
}

describe('access', () => {
  let app: AccountsApp;
  let cookie: string;

  beforeAll(async () => {
    app = await startAccountsApp([Probe, ...PERMISSIONS.map(routeWith)]);
    for (const role of ROLES) await app.addStaff(`${role}@larkraft.example`, [role]);
    cookie = await app.cookieOf('reader@larkraft.example');
  });
  afterAll(() => app.close());

  describe('by role (L-26)', () => {
    it.each(ROLES)('lets a %s in exactly where the role says', async (role) => {
      const client = app.as(await app.cookieOf(`${role}@larkraft.example`));
      for (const permission of PERMISSIONS) {
        const { status } = await client.get(pathOf(permission));
        const expected = ROLE_PERMISSIONS[role].includes(permission) ? 200 : 403;
        expect([permission, status]).toEqual([permission, expected]);
      }
    });

    it.each([
      ['GET', '/api/v1/staff', ['admin']],
      ['POST', '/api/v1/staff', ['admin']],
      ['PATCH', '/api/v1/staff/x', ['admin']],
      ['POST', '/api/v1/staff/x/password', ['admin']],
      ['GET', '/api/v1/api-keys', ['admin']],
      ['POST', '/api/v1/api-keys', ['admin']],
      ['DELETE', '/api/v1/api-keys/x', ['admin']],
      ['GET', '/api/v1/audit', ['privacy_officer', 'admin']],
    ])('opens %s %s only to %s', async (method, path, allowed) => {
      const call = method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
      for (const role of ROLES) {
        const client = app.as(await app.cookieOf(`${role}@larkraft.example`));
        const { status } = await client[call](path, {});
        expect([role, status === 403]).toEqual([role, !allowed.includes(role)]);
      }
      await app.http[call](path).expect(401);
    });

    it('lets customer service record a no, and neither send nor export', () => {
      expect(ROLE_PERMISSIONS.service).toContain('opt-outs:record');
      expect(ROLE_PERMISSIONS.service).not.toContain('campaigns:send');
      expect(ROLE_PERMISSIONS.service).not.toContain('registry:export');
      expect(ROLE_PERMISSIONS.marketer).not.toContain('campaigns:approve');
    });
  });

  describe('fails closed (threat 35)', () => {
    it('refuses a route that has no rule, also to those who are signed in', async () => {
      await app.http.get('/probe/without-rule').expect(403);
      await app.as(cookie).get('/probe/without-rule').expect(403);
    });

    it('takes the stricter rule where a route has both', async () => {
      await app.http.get('/probe/both').expect(401);
      await app.as(cookie).get('/probe/both').expect(403);
    });

    it('refuses when looking the session up throws', async () => {
      const find = jest.spyOn(app.app.get(Sessions, { strict: false }), 'find');
      find.mockRejectedValueOnce(new Error('broken'));
      await app.as(cookie).post('/probe/change').expect(500);
      find.mockRejectedValueOnce(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
      await app.as(cookie).post('/probe/change').expect(503);
      find.mockRestore();
    });

    it('names the scheme when nobody is signed in', async () => {
      const response = await app.http.get('/api/v1/session').expect(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
      expect(response.body.code).toBe('not_signed_in');
      await app.http.get('/probe/open').expect(200);
    });
  });

  describe('from other sites (threat 13)', () => {
    const change = (headers: Record<string, string>) =>
      app.http.post('/probe/change').set({ Cookie: cookie, ...headers });

    it.each([
      [{ 'Sec-Fetch-Site': 'same-origin' }, 201],
      [{ 'Sec-Fetch-Site': 'none' }, 201],
      [{ Origin: PUBLIC_URL }, 201],
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
      [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ Origin: 'https://evil.example' }, 403],
      [{ Origin: 'https://utskick.example.evil.example' }, 403],
      [{ Origin: 'http://utskick.example' }, 403],
      [{ Origin: 'null' }, 403],
      [{}, 403],
      [{ Authorization: 'Basic eDp5' }, 403],
      [{ Host: 'evil.example', Origin: 'https://evil.example' }, 403],
    ] as [Record<string, string>, number][])('answers a change with %j by %d', (headers, status) =>
      change(headers).expect(status),
    );

    it('refuses a cross-site form with JSON in plain text', () =>
      change({ 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' })
        .send('{"role":"admin"}')
        .expect(403));

    it('asks for a log-in, not for an origin, when there is no cookie', () =>
      app.http.post('/probe/change').expect(401));

    it('lets a one-click opt-out come from anywhere (RFC 8058)', () =>
      app.http.post('/probe/one-click').set('Sec-Fetch-Site', 'cross-site').expect(201));

    it('takes a public form from our own pages, which send no origin, and not from other sites', async () => {
      const form = (headers: Record<string, string>) =>
        app.http.post('/probe/form').set(headers).type('form').send('a=1');
      await form({ 'Sec-Fetch-Site': 'same-origin', Origin: 'null' }).expect(201);
      await form({ Origin: 'null' }).expect(201);
      await form({ 'Sec-Fetch-Site': 'cross-site' }).expect(403);
    });

    it('does not let a made-up bearer token carry the cookie past the check', async () => {
      await change({ Authorization: 'Bearer utk_made-up' }).expect(401);
      await change({ Authorization: 'Bearer ' }).expect(403);
    });

    it('takes a cookie only under its own name', () =>
      app.http
        .post('/probe/change')
        .set('Cookie', cookie.replace(COOKIE, `x${COOKIE}`))
        .expect(401));
  });
});
