import { Script } from 'node:vm';
import { Demo } from '../../src/processes/demo/demo';
import { freePort } from '../setup/services';
import { Portal } from '../setup/portal';
import { declaredRoutes } from '../setup/routes';
import { Service, until } from '../setup/service';
import { EmbedPage } from './embed-page';

const SESSION = /utskick-mina-sidor=[\w-]{43}/;

describe('the way into Mina sidor', () => {
  let portal: Portal;
  let key: Awaited<ReturnType<Portal['addKey']>>;
  let service: Service;

  beforeAll(async () => {
    portal = await Portal.start();
    key = await portal.addKey('k-1');
    service = await Service.open({
      ...portal.settings,
      LEARNER_ORIGINS: 'https://portal.example, https://m.portal.example',
    });
    const topicId = await service.topic('kurstips');
    await service.people(topicId, [{ email: 'siv@exempel.example', externalId: 'p-siv' }]);
  });
  afterAll(async () => {
    await service.close();
    await portal.stop();
  });

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(service.url + path, { redirect: 'manual', ...init });
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
  });

  it('is asked for on a page that anybody can read, which also says how to leave without it (L-07)', async () => {
    const page = await ask('/mina-sidor/login');
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('action="/mina-sidor/link?lang=sv" method="post"');
    expect(text).toContain('/avsluta?lang=sv');
    expect(text).toContain('lärportalen');
    expect(text).not.toContain('<script');
    expect(await (await ask('/mina-sidor/login?lang=en')).text()).toContain('<html lang="en">');
  });

  it('is mailed: the link in the mail opens a session, once (L-15, D-01)', async () => {
    await ask('/mina-sidor/link', form({ email: 'siv@exempel.example' }));
    await until(async () => (await service.mailbox('siv@exempel.example')).length > 0);
    const [mail] = await service.mailbox('siv@exempel.example');
    expect(mail!.subject).toBe('Din inloggning till Mina sidor hos Lärkraft AB');
    const link = /http:\/\/localhost:3000\/mina-sidor\/link\/[\w-]{43}/.exec(mail!.text)![0];
    const path = service.local(link).replace(service.url, '');
    expect((await ask(path)).status).toBe(200);
    const pressed = await ask(path, { method: 'POST' });
    expect(pressed.status).toBe(303);
    expect(pressed.headers.getSetCookie().join()).toMatch(SESSION);
    expect((await ask(path, { method: 'POST' })).status).toBe(410);
  });

  it("leads from the portal's own page, by a form", async () => {
    const token = await portal.sign(key, { sub: 'p-siv' });
    const from = { origin: 'https://m.portal.example', 'sec-fetch-site': 'cross-site' };
    const answer = await ask('/mina-sidor/login', form({ token }, from));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/mina-sidor']);
    expect(answer.headers.getSetCookie().join()).toMatch(SESSION);
  });

  describe("is open to scripts of the portal's pages", () => {
    const preflight = (path: string, origin: string, method = 'PUT') =>
      ask(path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = (answer: Response) =>
      [...answer.headers].filter(([name]) => name.startsWith('access-control-'));

    it.each(['https://portal.example', 'https://m.portal.example'])(
      'at %s: for what learners may do, with a token and never with a cookie',
      async (origin) => {
        const answer = await preflight('/api/v1/me/preferences', origin);
        expect(answer.status).toBe(204);
        expect(Object.fromEntries(allowed(answer))).toEqual({
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET,PUT,POST',
          'access-control-allow-headers': 'Authorization,Content-Type',
          'access-control-max-age': '600',
        });
        expect(answer.headers.get('vary')).toContain('Origin');
      },
    );

    it.each([
      'https://evil.example',
      'https://portal.example.evil.example',
      'null',
      'http://portal.example',
    ])('and not at %s', async (origin) => {
      const answer = await preflight('/api/v1/me/preferences', origin);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const asked = await ask('/api/v1/me/preferences', { headers: { origin } });
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('opens no other route', async () => {
      const origin = 'https://portal.example';
      for (const { name, verb, path } of declaredRoutes(service)) {
        if (path.startsWith('/api/v1/me/')) continue;
        const url = path.replace(/:\w+/g, 'x');
        expect([name, allowed(await preflight(url, origin, verb))]).toEqual([name, []]);
        const plain = await ask(url, { method: 'HEAD', headers: { origin } });
        expect([name, allowed(plain)]).toEqual([name, []]);
      }
      expect(allowed(await preflight('/api/v1/meeting', origin))).toEqual([]);
      expect(allowed(await preflight('/api/v1/me', origin))).toEqual([]);
    });
  });

  it('is the same for the script that a portal puts into its page: small, and for any site to load', async () => {
    const answer = await ask('/mina-sidor/embed.js');
    const script = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(Buffer.byteLength(script)).toBeLessThan(5_000);
    expect(script).toContain('Stäng av all marknadsföring');
    expect(script).toContain('Turn off all marketing');
    expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval/);
    expect(() => new Script(script)).not.toThrow();
  });

  it('tells in that script why something cannot be turned on, in the words of the answer', async () => {
    const script = await (await ask('/mina-sidor/embed.js')).text();
    const page = new EmbedPage(`${service.url}/mina-sidor/embed.js`, (url, init) =>
      url === '/token'
        ? portal.sign(key, { sub: 'p-siv' }).then((token) => Response.json({ token }))
        : fetch(url, init),
    );
    new Script(script).runInNewContext(page.globals);
    await until(() => Promise.resolve(page.has('utskick-email-kurstips')));
    await service.db.query('UPDATE topic SET assessed_at = NULL');
    page.tick('utskick-email-kurstips');
    await until(() => Promise.resolve(page.status === 'Ämnet skickas inte just nu.'));
    await service.db.query('UPDATE topic SET assessed_at = now()');
  });

  it.each(['/dev/portal', '/dev/portal/settings', '/dev/portal/jwks.json'])(
    'has no example portal outside the demo: %s',
    async (path) => expect((await ask(path)).status).toBe(404),
  );

  it('gives nobody a token of the example portal outside the demo', async () => {
    const answer = await ask('/dev/portal/token?as=norrtallenstra-001', { method: 'POST' });
    expect(answer.status).toBe(404);
  });
});

describe('the example portal of the demo', () => {
  let service: Service;

  beforeAll(async () => {
    const port = String(await freePort());
    service = await Service.open({
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DEMO: 'true',
    });
    await service.get(Demo).load();
  }, 120_000);
  afterAll(() => service.close());

  it('logs its people in at Mina sidor, without any setting', async () => {
    const page = await fetch(`${service.url}/dev/portal`);
    expect(page.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    const text = await page.text();
    const tokens = [...text.matchAll(/name="token" value="([\w.-]+)"/g)].map(([, token]) => token!);
    expect(tokens).toHaveLength(3);
    for (const token of tokens) {
      const answer = await fetch(`${service.url}/mina-sidor/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: service.env.PUBLIC_URL },
        body: new URLSearchParams({ token }),
      });
      expect(answer.status).toBe(303);
      expect(answer.headers.getSetCookie().join()).toMatch(SESSION);
    }
  });

  it('has a page of settings with our script, which asks it for tokens', async () => {
    const page = await fetch(`${service.url}/dev/portal/settings?as=vitmossansvard-019`);
    const text = await page.text();
    expect(text).toContain(`src="${service.env.link('/mina-sidor/embed.js')}"`);
    const tokenUrl = /data-token-url="([^"]+)"/.exec(text)![1]!;
    const answer = await fetch(service.url + tokenUrl, { method: 'POST' });
    expect(await answer.json()).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    const other = await fetch(`${service.url}/dev/portal/token?as=okand`, { method: 'POST' });
    expect(other.status).toBe(404);
  });
});

describe('the front page of a demo', () => {
  const portal = {
    LEARNER_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
    LEARNER_ISSUER: 'https://portal.example',
    LEARNER_AUDIENCE: 'utskick',
  };
  it.each<[string, Record<string, string>, number]>([
    ['leads to the example portal', {}, 200],
    ['leads to no example portal where a real one is set', portal, 404],
  ])('%s', async (_, settings, status) => {
    const service = await Service.open({ DEMO: 'true', ...settings });
    const steps = await (await fetch(service.url)).text();
    expect(steps).toContain('href="/dev/mailbox"');
    expect(steps.includes('href="/dev/portal"')).toBe(status === 200);
    expect((await fetch(`${service.url}/dev/portal`)).status).toBe(status);
    await service.close();
  });
});
