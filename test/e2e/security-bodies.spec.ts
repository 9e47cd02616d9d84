import { gzipSync } from 'node:zlib';
import { SendGridEvents } from '../provider-stub/sendgrid-events';
import { learner, logIn, type Caller } from '../setup/callers';
import { declaredRoutes, type Route } from '../setup/routes';
import { Service } from '../setup/service';
import { validBodies, type Valid } from './valid-bodies';

const MEGABYTE = 1024 * 1024;
/** What somebody would like to set beside what they may; `__proto__` and `constructor` by their JSON. */
const FORBIDDEN: Record<string, unknown> = {
  role: 'admin',
  permissions: ['staff:manage'],
  isAdmin: true,
  tenantId: 'x',
  state: 'approved',
  optOut: false,
  consent: true,
  allowed: true,
  id: '01890000-0000-7000-8000-000000000001',
  createdBy: 'x',
  approvedBy: 'x',
  passwordHash: 'x',
  disabledAt: null,
  merged_into_id: null,
  'audience.members': 'everyone',
};

describe('bodies', () => {
  let service: Service;
  let routes: Route[];
  let valid: Record<string, Valid>;
  let admin: Caller;
  const events = new SendGridEvents();

  beforeAll(async () => {
    service = await Service.open({
      SENDGRID_WEBHOOK_PUBLIC_KEY: events.publicKey,
      TWILIO_AUTH_TOKEN: 'a-token',
    });
    routes = declaredRoutes(service);
    valid = await validBodies(service);
    admin = await logIn(service, 'admin');
    // As a person, too: whoever may do everything may not do that.
    const [me] = await service.people(await service.topic('kurstips'), [
      { email: 'jag@exempel.example', agreed: false },
    ]);
    const cookies = [admin, await learner(service, me!)].map(({ headers }) => headers.cookie);
    admin.headers.cookie = cookies.join('; ');
    const all = ['admin', 'approver', 'service', 'privacy_officer'];
    await service.db.query(`UPDATE staff SET roles = $1 WHERE email LIKE 'admin@%'`, [all]);
  });
  afterAll(() => service.close());

  async function post(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    verb = 'POST',
  ) {
    const response = await fetch(service.url + path, {
      method: verb,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...admin.headers,
        ...headers,
      },
      body,
    });
    const text = await response.text();
    return { status: response.status, text };
  }

  describe('with more than may be set (threat 4)', () => {
    it('are refused as a whole, and every field too many is named', async () => {
      const wrong: string[] = [];
      for (const { name, verb, path, body: fields } of routes) {
        const base = valid[name];
        if (!base || !fields) continue;
        const extra = Object.fromEntries(
          Object.entries(FORBIDDEN).filter(([field]) => !fields.includes(field)),
        );
        const url = path.replace(/:\w+/, base.id ?? '').replace(/:\w+/, '1');
        const answer = await post(url, JSON.stringify({ ...base.body, ...extra }), {}, verb);
        const named = (JSON.parse(answer.text) as { errors?: { path: string; code: string }[] })
          .errors;
        const unknown = named
          ?.filter(({ code }) => code === 'unknown_field')
          .map(({ path }) => path);
        if (answer.status !== 422 || unknown?.sort().join() !== Object.keys(extra).sort().join())
          wrong.push(`${name}: ${answer.status} ${unknown?.join()}`);
      }
      expect(wrong).toEqual([]);
    });

    it('are refused in a query, too', async () => {
      for (const { name, path, query } of routes) {
        if (!query || query.length === 0) continue;
        const url = `${path.replace(/:\w+/, 'x')}?tenantId=1`;
        const response = await fetch(service.url + url, {
          method: name.split(' ')[0],
          headers: { ...admin.headers, accept: 'application/json' },
        });
        // A few routes read a query beside a body or a key, which are refused first or as well.
        expect([url, response.status]).toEqual([url, 422]);
      }
    });

    it('set nothing in a public form: a sign-up is what its form asks for, and not confirmed', async () => {
      await service.db.query('DELETE FROM signup');
      const page = await (await fetch(`${service.url}/signup/prov`)).text();
      const hidden = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
      const topic = /name="topic" value="([^"]+)"/.exec(page)![1]!;
      const form = new URLSearchParams({
        ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
        email: 'sjalv@exempel.example',
        topic,
        state: 'CONFIRMED',
        contactId: '01890000-0000-7000-8000-000000000001',
        'topicIds[]': topic,
        confirmedAt: '2020-01-01',
      });
      const answer = await fetch(`${service.url}/signup/prov`, { method: 'POST', body: form });
      expect(answer.status).toBe(200);
      const rows = await service.db.query(`SELECT state, contact_id, confirmed_at FROM signup`);
      expect(rows).toEqual([
        { state: expect.stringMatching(/RECEIVED|PENDING/), contact_id: null, confirmed_at: null },
      ]);
    });

    it.each([
      '{"name":"Prov","__proto__":{"permissions":["staff:manage"]}}',
      '{"name":"Prov","constructor":{"prototype":{"polluted":true}}}',
      '{"name":"Prov","audience":{"__proto__":{"members":"everyone"}}}',
      '{"__proto__":{"name":"Prov"}}',
    ])('leave every object as it was: %s (threat 1)', async (body) => {
      const { status, text } = await post('/api/v1/campaigns', body);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain('everyone');
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });
  });

  describe('that only a parser could love (threat 25)', () => {
    const NESTED = 100_000;

    it.each([
      ['a key twice', '{"name":"a","name":"b"}', 400, 'repeated_key'],
      ['a key twice, escaped', '{"name":"a","n\\u0061me":"b"}', 400, 'repeated_key'],
      [
        'a key twice further in',
        '{"audience":{"kinds":[],"kinds":["learner"]}}',
        400,
        'repeated_key',
      ],
      ['endless arrays', '['.repeat(NESTED) + ']'.repeat(NESTED), 400, 'nested_too_deep'],
      [
        'endless objects',
        `${'{"a":'.repeat(NESTED)}1${'}'.repeat(NESTED)}`,
        400,
        'nested_too_deep',
      ],
      ['arrays left open', '['.repeat(NESTED), 400, 'malformed_request'],
      ['no JSON', '{name: "a"}', 400, 'malformed_request'],
      ['a bare value', '"admin"', 400, 'malformed_request'],
      ['an array', '[{"name":"a"}]', 422, 'invalid_fields'],
      ['nothing', '', 422, 'invalid_fields'],
      ['10 MB', JSON.stringify({ name: 'x'.repeat(10 * MEGABYTE) }), 413, 'too_large'],
    ])('are refused: %s', async (_, body, status, code) => {
      const answer = await post('/api/v1/campaigns', body);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        status,
        expect.objectContaining({ code }),
      ]);
    });

    it('are refused in another character set, and never guessed at', async () => {
      const utf16 = new Uint8Array(Buffer.from('{"name":"a"}', 'utf16le'));
      const asUtf7 = { 'content-type': 'application/json; charset=utf-7' };
      expect((await post('/api/v1/campaigns', utf16)).status).toBe(400);
      expect((await post('/api/v1/campaigns', '{"name":"a"}', asUtf7)).status).toBe(400);
      const asText = { 'content-type': 'text/plain' };
      expect((await post('/api/v1/campaigns', '{"name":"a"}', asText)).status).toBe(422);
    });
  });

  describe('that are too large (threats 20, 24)', () => {
    it('are cut off by what they unpack to, not by what they weigh', async () => {
      const bomb = new Uint8Array(gzipSync(Buffer.alloc(50 * MEGABYTE, '[')));
      const packed = { 'content-encoding': 'gzip' };
      expect((await post('/api/v1/campaigns', bomb, packed)).status).toBe(413);
      const form = { ...packed, 'content-type': 'application/x-www-form-urlencoded' };
      expect((await post('/avsluta', bomb, form)).status).toBe(413);
    });

    it.each(['/avsluta', '/signup/prov', `/preferences/${'A'.repeat(22)}`])(
      'are refused by the form at %s',
      async (path) => {
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'text/html',
        };
        const { status, text } = await post(path, `email=${'x'.repeat(70_000)}`, headers);
        expect(status).toBe(413);
        expect(text).toContain('<html lang="sv">');
      },
    );

    it('are refused by the webhook before their signature is looked at, and stored nowhere', async () => {
      const one = events.event('processed', { to: 'kim@exempel.example' });
      const { headers, body } = events.sign(
        Array.from({ length: 5_000 }, () => ({ ...one, pad: 'x'.repeat(900) })),
      );
      const answer = await post('/webhooks/sendgrid/events', new Uint8Array(body), headers);
      expect(answer.status).toBe(413);
      expect(await service.db.query('SELECT FROM provider_event')).toEqual([]);
    });

    it('do not keep an opt-out from being heard (P-06)', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = `List-Unsubscribe=One-Click&pad=${'x'.repeat(5 * MEGABYTE)}`;
      const { status } = await post(`/u/${'A'.repeat(22)}`, body, headers);
      expect(status).toBe(404);
    });
  });
});
