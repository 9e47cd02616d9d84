import { SendGridEvents } from '../provider-stub/sendgrid-events';
import { logIn, type Caller } from '../setup/callers';
import { declaredRoutes, type Route } from '../setup/routes';
import { Service } from '../setup/service';

const LONG = 'x'.repeat(1_000_000);
/** What a field may hold that its programmer did not think of: operators of an ORM, signs no column takes, endless numbers. */
const HOSTILE: unknown[] = [
  null,
  { not: null },
  { in: ['a', 'b'] },
  [{ equals: 'x' }],
  { $gt: '' },
  { toString: 'x', valueOf: null },
  '',
  'a\0b',
  '\ud800',
  '\u202Etxt.exe',
  LONG,
  1e300,
  -1,
  9007199254740993,
  true,
  [],
  [[]],
  [null],
  "'; DROP TABLE contact; --",
  '${7*7}{{7*7}}<%=7%>',
];
/** The same as they come in a query string. */
const HOSTILE_TEXT = [
  "' OR '1'='1",
  "'; DROP TABLE contact; --",
  '1) UNION SELECT password_hash FROM staff --',
  '$1',
  '%25',
  '_',
  '\\',
  '\0',
  '%00',
  '%ED%A0%80',
  '%',
  '-1',
  '1e300',
  '99999999999999999999',
  'NaN',
  'null',
  'undefined',
  '[object Object]',
  '{"not":null}',
  'id; DROP',
  'password_hash',
  'x'.repeat(5_000),
];

describe('what comes in with a request', () => {
  let service: Service;
  let routes: Route[];
  let admin: Caller;
  let valid: Record<string, { id?: string; body: Record<string, unknown> }>;

  beforeAll(async () => {
    service = await Service.open({ SENDGRID_WEBHOOK_PUBLIC_KEY: new SendGridEvents().publicKey });
    routes = declaredRoutes(service);
    admin = await logIn(service, 'admin');
    await service.db.query('UPDATE staff SET roles = $1', [
      ['admin', 'approver', 'service', 'privacy_officer'],
    ]);
    const topicId = await service.topic('nyhetsbrev');
    const [contact] = await service.people(topicId, [{ email: 'kim@exempel.example' }]);
    valid = await validBodies(topicId, contact!);
  });
  afterAll(() => service.close());

  async function call(verb: string, path: string, body?: unknown, headers = {}) {
    const response = await fetch(service.url + path, {
      method: verb,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...admin.headers,
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text };
  }

  async function make(path: string, body: object): Promise<string> {
    const { status, text } = await call('POST', path, body);
    if (status > 201) throw new Error(`${path}: ${text}`);
    return (JSON.parse(text) as { id: string }).id;
  }

  /** A body that is taken, for each route that has one, so that what is changed in it reaches the database. */
  async function validBodies(topicId: string, contactId: string) {
    const campaign = { name: 'Prov', topicId, templateKey: 'enkel' };
    const form = { key: 'prov', nameSv: 'Prov', nameEn: 'Trial', topicIds: [topicId] };
    const person = { kind: 'company_contact', email: 'ny@exempel.example' };
    const campaignId = await make('/api/v1/campaigns', campaign);
    const formId = await make('/api/v1/signup-forms', form);
    const staff = { email: 'ny@larkraft.example', name: 'Ny', roles: ['reader'] };
    const staffId = await make('/api/v1/staff', staff);
    const words = { subject: 'Hej', body: '<mj-section></mj-section>' };
    return {
      'POST /api/v1/session': { body: { email: 'a@b.example', password: 'x' } },
      'PUT /api/v1/session/password': { body: { currentPassword: 'x', newPassword: 'y' } },
      'POST /api/v1/staff': { body: { ...staff, email: 'nyare@larkraft.example' } },
      'PATCH /api/v1/staff/:id': { id: staffId, body: {} },
      'POST /api/v1/api-keys': { body: { name: 'crm', permissions: ['audit:read'] } },
      'PUT /api/v1/organisations/:externalId': { id: 'org-1', body: { name: 'Exempel AB' } },
      'POST /api/v1/templates/preview': { body: words },
      'PUT /api/v1/templates/:key': { id: 'egen', body: { nameSv: 'E', nameEn: 'O', ...words } },
      'POST /api/v1/opt-outs': { body: { address: 'nej@exempel.example' } },
      'POST /api/v1/registry/lookup': { body: { channel: 'email', address: 'a@b.example' } },
      'POST /api/v1/topics': { body: { key: 'ny', nameSv: 'Ny', nameEn: 'New', purpose: 'R-05' } },
      'PATCH /api/v1/topics/:id': { id: topicId, body: {} },
      'POST /api/v1/signup-forms': { body: { ...form, key: 'andra' } },
      'PATCH /api/v1/signup-forms/:id': { id: formId, body: {} },
      'POST /api/v1/contacts/batch': { body: { items: [{ externalId: 'p-1', ...person }] } },
      'PUT /api/v1/contacts/:externalId': { id: 'p-2', body: person },
      'POST /api/v1/contacts/:id/merge': { id: contactId, body: { from: contactId } },
      'POST /api/v1/campaigns': { body: campaign },
      'PATCH /api/v1/campaigns/:id': { id: campaignId, body: { version: 1 } },
      'POST /api/v1/campaigns/:id/launch': { id: campaignId, body: { expected: 17 } },
      'POST /api/v1/campaigns/:id/preview': { id: campaignId, body: {} },
      'POST /api/v1/campaigns/:id/test': { id: campaignId, body: { to: ['a@b.example'] } },
    };
  }

  const withBody = () =>
    routes.flatMap((route) => {
      const base = valid[route.name];
      if (!base || !route.body) return [];
      return [{ ...route, ...base, url: route.path.replace(/:\w+/, base.id ?? '') }];
    });

  it('has a valid body for every route that reads one', () => {
    const uploads = ['POST /api/v1/imports', 'PUT /api/v1/imports/:id/mapping'];
    const missing = routes.filter(
      ({ name, body }) => body && body.length > 0 && !(name in valid) && !uploads.includes(name),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('answers no hostile value in any field of a body with a 500 (threats 3, 22, 26)', async () => {
    const wrong: string[] = [];
    for (const { name, verb, url, body, fields } of withBody().map((r) => ({
      ...r,
      fields: routes.find((x) => x.name === r.name)!.body!,
    }))) {
      for (const field of fields) {
        for (const value of HOSTILE) {
          if (name === 'PATCH /api/v1/campaigns/:id') await service.db.query('UPDATE campaign SET version = 1');
          const { status, text } = await call(verb, url, { ...body, [field]: value });
          const shown = (JSON.stringify(value) ?? '').slice(0, 40);
          if (status >= 500)
            wrong.push(`${name} ${field}=${shown}: ${status} ${text.slice(0, 100)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('answers no hostile text in any field of a query, nor in a path with a 500 (threat 2)', async () => {
    const wrong: string[] = [];
    for (const { name, verb, path, query } of routes.filter(({ verb }) => verb === 'GET')) {
      const url = path.replace(/:\w+/, 'x');
      for (const field of query ?? []) {
        for (const value of HOSTILE_TEXT) {
          const pairs = [
            `${field}=${encode(value)}`,
            `${field}[not]=${encode(value)}`,
            `${field}=a&${field}=${encode(value)}`,
          ];
          for (const pair of pairs) {
            const { status, text } = await call(verb, `${url}?${pair}`);
            if (status >= 500)
              wrong.push(`${name}?${pair.slice(0, 60)}: ${status} ${text.slice(0, 90)}`);
          }
        }
      }
      if (!path.includes(':')) continue;
      for (const value of HOSTILE_TEXT) {
        const { status, text } = await call(verb, path.replace(/:\w+/, encode(value)));
        if (status >= 500)
          wrong.push(`${name} ${value.slice(0, 30)}: ${status} ${text.slice(0, 90)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

const encode = (value: string) => (value.startsWith('%') ? value : encodeURIComponent(value));
