import { StaffAccounts } from '../../src/features/accounts/staff.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { SendGridEvents } from '../provider-stub/sendgrid-events';
import { apiKey, logIn, PASSWORD, type Caller } from '../setup/callers';
import { declaredRoutes, type Route } from '../setup/routes';
import { Service } from '../setup/service';

/** May be posted to from anywhere: nothing there trusts a cookie. */
const FROM_ANYWHERE = [
  'POST /avsluta',
  'POST /preferences/:token',
  'POST /s/:token',
  'POST /signup/:form',
  'POST /u/:token',
  'POST /webhooks/sendgrid/events',
  'POST /webhooks/sendgrid/inbound/:secret',
  'POST /webhooks/twilio/inbound',
  'POST /webhooks/twilio/status',
];

describe('sessions, in the product as it is wired', () => {
  let service: Service;
  let unsafe: Route[];
  let admin: Caller;

  beforeAll(async () => {
    service = await Service.open({
      SENDGRID_WEBHOOK_PUBLIC_KEY: new SendGridEvents().publicKey,
      TWILIO_AUTH_TOKEN: 'a-token',
    });
    unsafe = declaredRoutes(service).filter(({ verb }) => !['GET', 'OPTIONS'].includes(verb));
    admin = await logIn(service, 'admin');
  });
  afterAll(() => service.close());

  const VALUES: Record<string, string> = { token: 'A'.repeat(22), form: 'x', channel: 'email' };
  const pathOf = ({ path }: Route) =>
    path.replace(/:(\w+)/, (_, name: string) => VALUES[name] ?? newId());

  const codeOf = async (
    verb: string,
    path: string,
    headers: Record<string, string>,
    body = '{}',
  ) => {
    const response = await fetch(service.url + path, {
      method: verb,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(verb === 'GET' ? {} : { body }),
    });
    const code = /"code":"(\w+)"/.exec(await response.text())?.[1];
    return `${response.status} ${code ?? ''}`.trim();
  };
  const me = (caller: Caller) => codeOf('GET', '/api/v1/session', caller.headers);

  describe('are of no use to another site (threat 13)', () => {
    it.each([
      ['says so', { 'sec-fetch-site': 'cross-site' }],
      ['is a neighbour', { 'sec-fetch-site': 'same-site' }],
      ['has another origin', { origin: 'https://evil.example' }],
      ['has no origin', { origin: 'null' }],
      ['is served as us', { origin: 'http://evil.example', host: 'evil.example' }],
      ['says nothing', {}],
      ['posts a form', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
    ] as [string, Record<string, string>][])(
      'on every route that changes something, when the site %s',
      async (_, from) => {
        const headers = { cookie: admin.headers.cookie!, ...from };
        for (const route of unsafe.filter(({ access }) => access !== 'public')) {
          const answer = await codeOf(route.verb, pathOf(route), headers);
          expect([route.name, answer]).toEqual([route.name, '403 cross_site_request']);
        }
      },
    );

    it('nor are public forms, but for the few that must be open to all', async () => {
      const headers = { ...admin.headers, 'sec-fetch-site': 'cross-site' };
      const open: string[] = [];
      for (const route of unsafe.filter(({ access }) => access === 'public')) {
        const answer = await codeOf(route.verb, pathOf(route), headers);
        if (answer !== '403 cross_site_request') open.push(route.name);
      }
      expect(open.sort()).toEqual(FROM_ANYWHERE);
    });

    it('are still good afterwards, for our own pages', async () => {
      expect(await me(admin)).toBe('200');
    });
  });

  describe('end at once (threat 27)', () => {
    const colleague = async (email: string) => {
      const caller = await logIn(service, 'marketer', email);
      const [row] = await service.db.query<{ id: string }>(
        'SELECT id FROM staff WHERE email = $1',
        [email],
      );
      return { caller, id: row!.id };
    };

    it('with the account that is disabled', async () => {
      const { caller, id } = await colleague('slutar@larkraft.example');
      expect(await me(caller)).toBe('200');
      await service.get(StaffAccounts).change(id, { disabled: true }, OPERATOR);
      expect(await me(caller)).toBe('401 not_signed_in');
    });

    it('with the password that is changed, elsewhere; and the old cookie is dead here, too', async () => {
      const here = await logIn(service, 'marketer', 'byter@larkraft.example');
      const elsewhere = await logIn(service, 'marketer', 'byter@larkraft.example');
      const body = { currentPassword: PASSWORD, newPassword: 'en helt annan lösenfras' };
      expect(
        await codeOf('PUT', '/api/v1/session/password', here.headers, JSON.stringify(body)),
      ).toBe('204');
      expect(await me(elsewhere)).toBe('401 not_signed_in');
      expect(await me(here)).toBe('401 not_signed_in');
    });

    it('with a role: the next request has it no more', async () => {
      const { caller, id } = await colleague('byter-roll@larkraft.example');
      expect(await codeOf('GET', '/api/v1/imports', caller.headers)).toBe('200');
      await service.get(StaffAccounts).change(id, { roles: ['reader'] }, OPERATOR);
      expect(await codeOf('GET', '/api/v1/imports', caller.headers)).toBe('403 missing_permission');
    });

    it('and so does an API key that is revoked', async () => {
      const key = await apiKey(service, 'audit:read');
      expect(await codeOf('GET', '/api/v1/audit', key.headers)).toBe('200');
      const [row] = await service.db.query<{ id: string }>(
        'SELECT id FROM api_key ORDER BY id DESC LIMIT 1',
      );
      expect(await codeOf('DELETE', `/api/v1/api-keys/${row!.id}`, admin.headers)).toBe('204');
      expect(await codeOf('GET', '/api/v1/audit', key.headers)).toBe('401 not_signed_in');
    });
  });

  it('are opened by no page that the public sees', async () => {
    for (const route of declaredRoutes(service)) {
      if (route.access !== 'public' || route.verb !== 'GET') continue;
      const response = await fetch(service.url + pathOf(route), {
        headers: { cookie: 'utskick=x' },
      });
      expect([route.name, response.headers.getSetCookie()]).toEqual([route.name, []]);
    }
  });
});
