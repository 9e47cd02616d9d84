import { newId } from '../../src/platform/ids';
import { SendGridEvents } from '../provider-stub/sendgrid-events';
import { ANONYMOUS, apiKey, everyRole, logIn, type Caller } from '../setup/callers';
import { declaredRoutes, servedRoutes, type Route } from '../setup/routes';
import { Service } from '../setup/service';
import { DOCUMENTATION, ROUTE_ACCESS } from './route-access';

const CALLERS = ['anonymous', 'reader', 'marketer', 'approver', 'service', 'privacy_officer'];
const REFUSALS = ['not_signed_in', 'missing_permission', 'route_without_access_rule'];

const VALUES: Record<string, string> = {
  token: 'A'.repeat(22),
  form: 'finns-inte',
  channel: 'email',
};
const pathFor = (route: Route, id = newId()) =>
  route.path.replace(/:(\w+)/g, (_, name: string) => VALUES[name] ?? id);

describe('who may call what (threat 8, L-26)', () => {
  let service: Service;
  let routes: Route[];
  const callers = new Map<string, Caller>();

  beforeAll(async () => {
    service = await Service.open({
      SENDGRID_WEBHOOK_PUBLIC_KEY: new SendGridEvents().publicKey,
      TWILIO_AUTH_TOKEN: 'a-token',
      INBOUND_MAIL_SECRET: 'a-secret-for-the-mail-that-comes-in',
      // An API key is no token of theirs, which is seen before the keys are asked for.
      LEARNER_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
      LEARNER_ISSUER: 'https://portal.example',
      LEARNER_AUDIENCE: 'utskick',
    });
    // Ending one's own session comes last.
    routes = declaredRoutes(service).sort((a, b) => +isLogOut(a) - +isLogOut(b));
    callers.set('anonymous', ANONYMOUS);
    for (const caller of await everyRole(service)) callers.set(caller.name, caller);
    callers.set('API key', await apiKey(service));
  });
  afterAll(() => service.close());

  const isLogOut = ({ name }: Route) => name === 'DELETE /api/v1/session';

  async function call(caller: Caller, verb: string, path: string, body: unknown = {}) {
    const response = await fetch(service.url + path, {
      method: verb,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...caller.headers,
      },
      ...(verb === 'GET' || verb === 'HEAD' ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, code: codeIn(text) };
  }

  it('serves what the controllers declare and the documentation, and nothing else', () => {
    const declared = declaredRoutes(service).map(({ name }) => name);
    expect(servedRoutes(service).sort()).toEqual([...declared, ...DOCUMENTATION].sort());
  });

  it('has a rule on every route, and the one that was decided', () => {
    const rules = (pairs: [string, string | null][]) =>
      pairs.map(([name, access]) => `${name} – ${access}`).sort();
    const decided = Object.entries(ROUTE_ACCESS).flatMap(([access, names]) =>
      names.map((name): [string, string] => [name, access]),
    );
    expect(rules(routes.map(({ name, access }) => [name, access]))).toEqual(rules(decided));
  });

  it.each([...CALLERS, 'admin', 'API key'])(
    'answers %s on every route as its rule says',
    async (name) => {
      const caller = callers.get(name)!;
      const wrong: string[] = [];
      for (const route of routes) {
        const { status, code } = await call(caller, route.verb, pathFor(route));
        const expected = expectedOf(route, caller);
        const refused = REFUSALS.includes(code ?? '') ? `${status} ${code}` : 'let in';
        if (refused !== expected || status >= 500)
          wrong.push(`${route.name}: ${status} ${code}, expected ${expected}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it('answers HEAD, other spellings of the path and method overrides as strictly as the plain request', async () => {
    const closed = routes.filter(({ verb, access }) => verb === 'GET' && access !== 'public');
    for (const route of closed) {
      const path = pathFor(route);
      const variants = [
        `${path}/`,
        path.toUpperCase(),
        `/${path}`,
        `${path}?_method=GET`,
        `/.${path}`,
      ];
      expect([path, (await call(ANONYMOUS, 'HEAD', path)).status]).toEqual([path, 401]);
      for (const variant of variants) {
        const { status } = await call(ANONYMOUS, 'GET', variant);
        expect([variant, [401, 404].includes(status)]).toEqual([variant, true]);
      }
    }
    const override = { ...ANONYMOUS, headers: { 'x-http-method-override': 'GET' } };
    expect((await call(override, 'POST', '/api/v1/staff')).status).toBe(401);
  });

  it('tells nothing of an id that is not there, not even that it is no id', async () => {
    const admin = await logIn(service, 'admin', 'alla@larkraft.example');
    await service.db.query(`UPDATE staff SET roles = $1 WHERE email = 'alla@larkraft.example'`, [
      ['admin', 'approver', 'service', 'privacy_officer'],
    ]);
    const others = [
      'x',
      "' OR 1=1 --",
      '%00',
      '..%2f..%2fetc',
      '-1',
      'a'.repeat(2000),
      '%F0%9F%A6%86',
    ];
    const wrong: string[] = [];
    for (const route of routes.filter(({ path }) => path.includes('/:id'))) {
      const body = BODIES[route.name] ?? {};
      const ask = (id: string) => call(admin, route.verb, route.path.replace(':id', id), body);
      const absent = await ask(newId());
      if (absent.status !== 404) wrong.push(`${route.name}: ${absent.status} ${absent.code}`);
      for (const id of [newId().toUpperCase(), ...others]) {
        const answer = await ask(id);
        if (answer.text !== absent.text || answer.status !== absent.status)
          wrong.push(
            `${route.name} with ${id.slice(0, 20)}: ${answer.status} ${answer.text.slice(0, 200)}`,
          );
      }
    }
    expect(wrong).toEqual([]);
  });

  it("answers for a colleague's session as for one that is not there", async () => {
    const mine = await logIn(service, 'admin', 'min@larkraft.example');
    const theirs = await logIn(service, 'marketer', 'din@larkraft.example');
    const { text } = await call(theirs, 'GET', '/api/v1/sessions');
    const { items } = JSON.parse(text) as { items: { id: string }[] };
    const foreign = await call(mine, 'DELETE', `/api/v1/sessions/${items[0]!.id}`);
    const absent = await call(mine, 'DELETE', `/api/v1/sessions/${newId()}`);
    expect(foreign).toEqual(absent);
    expect(foreign.status).toBe(404);
    expect((await call(theirs, 'GET', '/api/v1/session')).status).toBe(200);
  });
});

/** Bodies that are right, where the route would otherwise refuse the body before it looks for the id. */
const BODIES: Record<string, unknown> = {
  'PATCH /api/v1/segments/:id': { version: 1 },
  'POST /api/v1/segments/:id/freeze': { name: 'x' },
  'POST /api/v1/incidents/:id/close': { note: 'Prov' },
  'PATCH /api/v1/campaigns/:id': { version: 1 },
  'POST /api/v1/campaigns/:id/test': { to: ['prov@larkraft.example'] },
  'POST /api/v1/campaigns/:id/versions/:version/restore': { over: 1 },
  'POST /api/v1/contacts/:id/merge': { from: newId() },
  'POST /api/v1/service-desk/cases/:id/close': { as: 'answered' },
  'POST /api/v1/service-desk/replies/:id/dismiss': { as: 'answered' },
};

function expectedOf({ access }: Route, { name, permissions }: Caller): string {
  if (access === 'public') return 'let in';
  if (name === 'anonymous' || access === 'learner') return '401 not_signed_in';
  if (access === 'signed-in' || (access && permissions.has(access))) return 'let in';
  return '403 missing_permission';
}

function codeIn(text: string): string | null {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? null;
}
