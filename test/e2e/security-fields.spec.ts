import { learner, logIn, type Caller } from '../setup/callers';
import { declaredRoutes, type Route } from '../setup/routes';
import { Service } from '../setup/service';
import { validBodies, type Valid } from './valid-bodies';

/** What an object-relational mapper, or a query language, could take for an order. */
const OPERATORS = [{ not: null }, { in: ['a', 'b'] }, [{ equals: 'x' }], { $ne: null }];
/** What a column, a date or a stack does not take. */
const MISFITS = [null, '', 'a\0b', '\ud800', 'x'.repeat(20_000), 1e300, -1, true, [[]], [null]];

const SQL = [
  "' OR '1'='1",
  "'; DROP TABLE contact; --",
  '1) UNION SELECT password_hash FROM staff --',
];
const TEXTS = [...SQL, '%25', '%00', '\\', '-1', '1e300', '9'.repeat(20), 'x'.repeat(5_000)];

interface Answer {
  status: number;
  text: string;
}

/** As a whole, or the one item that was wrong. */
const refused = ({ status, text }: Answer) =>
  (status >= 400 && status < 500) || text.includes('"outcome":"refused"');

const encode = (text: string) => (text.startsWith('%') ? text : encodeURIComponent(text));

describe('every field of every request', () => {
  let service: Service;
  let routes: Route[];
  let valid: Record<string, Valid>;
  let admin: Caller;

  beforeAll(async () => {
    service = await Service.open({ INBOUND_MAIL_SECRET: 'a-secret-for-the-mail-that-comes-in' });
    routes = declaredRoutes(service).filter(({ name }) => name !== 'DELETE /api/v1/session');
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

  async function call(verb: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(service.url + path, {
      method: verb,
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...admin.headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  }

  /** What went wrong with these calls, eight at a time. */
  async function faults(calls: (() => Promise<string | null>)[]): Promise<string[]> {
    const wrong: string[] = [];
    const waiting = [...calls];
    const run = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const fault = await next();
        if (fault) wrong.push(fault);
      }
    };
    await Promise.all(Array.from({ length: 8 }, run));
    return wrong;
  }

  const told = (what: string, { status, text }: Answer) =>
    `${what.slice(0, 90)}: ${status} ${text.slice(0, 120)}`;

  function bodyCalls(values: unknown[], isRight: (answer: Answer) => boolean) {
    return routes.flatMap(({ name, verb, path, body }) => {
      const base = valid[name];
      if (!base || !body) return [];
      const url = path.replace(/:\w+/, base.id ?? '').replace(/:\w+/, '1');
      return body.flatMap((field) =>
        values.map((value) => async () => {
          const changed = { ...base.body, [field]: value };
          const answer = await (name === 'PATCH /api/v1/campaigns/:id'
            ? editCampaign(base.id!, url, changed)
            : call(verb, url, changed));
          const shown = JSON.stringify(value).slice(0, 30);
          return isRight(answer) ? null : told(`${name} ${field}=${shown}`, answer);
        }),
      );
    });
  }

  let turn: Promise<unknown> = Promise.resolve();
  /** One at a time, and each an edit of the newest version: it would be refused for that alone. */
  function editCampaign(id: string, url: string, body: object): Promise<Answer> {
    const edit = async () => {
      await service.db.query('UPDATE campaign SET version = 1 WHERE id = $1', [id]);
      await service.db.query('DELETE FROM campaign_version WHERE campaign_id = $1', [id]);
      return call('PATCH', url, body);
    };
    const mine = turn.then(edit, edit);
    turn = mine;
    return mine;
  }

  it('is known: there is a body that is taken for every route that reads one', () => {
    const missing = routes.filter(({ name, body }) => body && body.length > 0 && !(name in valid));
    expect(missing.map(({ name }) => name)).toEqual(['POST /api/v1/imports']);
  });

  it.each(['organisations?q=', 'audit?subjectType=', 'audit?action='])(
    'finds nobody by SQL in %s',
    async (search) => {
      for (const text of ['%25', '_', ...SQL]) {
        const { status, text: found } = await call('GET', `/api/v1/${search}${encode(text)}`);
        expect([text, status, JSON.parse(found)]).toEqual([text, 200, { items: [], next: null }]);
      }
    },
  );

  it('refuses an operator where a value belongs (threat 3)', async () => {
    expect(await faults(bodyCalls(OPERATORS, refused))).toEqual([]);
  }, 60_000);

  it('never fails over what does not fit it (threats 22, 26)', async () => {
    expect(await faults(bodyCalls(MISFITS, ({ status }) => status < 500))).toEqual([]);
  }, 60_000);

  it('takes SQL in a query or a path for text (threat 2)', async () => {
    const inQueries = routes.flatMap(({ verb, path, query }) =>
      (query ?? []).flatMap((field) =>
        [
          ...TEXTS.map((text) => `${field}=${encode(text)}`),
          `${field}[not]=null`,
          `${field}=a&${field}=b`,
        ].map((pair) => ({ verb, path: `${path.replace(/:\w+/, 'x')}?${pair}`, body: undefined })),
      ),
    );
    const inPaths = routes
      .filter(({ path }) => path.includes(':'))
      .flatMap(({ name, verb, path }) =>
        TEXTS.map((text) => ({
          verb,
          path: path.replace(/:\w+/, encode(text)),
          body: verb === 'GET' ? undefined : (valid[name]?.body ?? {}),
        })),
      );
    const calls = [...inQueries, ...inPaths].map(({ verb, path, body }) => async () => {
      const answer = await call(verb, path, body);
      return answer.status < 500 ? null : told(`${verb} ${path}`, answer);
    });
    expect(await faults(calls)).toEqual([]);
  }, 60_000);

  it.each([
    'organisations?cursor=',
    'imports?cursor=',
    'audit?cursor=',
    'campaigns?after=',
    'opt-outs/changes?after=',
    'organisations?sort=',
    'organisations?orderBy=',
    'campaigns?sort=',
  ])('refuses SQL in %s with the name of the field', async (field) => {
    for (const text of SQL) {
      const { status, text: refusal } = await call('GET', `/api/v1/${field}${encode(text)}`);
      expect([text, status]).toEqual([text, 422]);
      expect(refusal).not.toContain('syntax');
    }
  });

  it('is as it was after all this', async () => {
    const [counts] = await service.db.query(
      `SELECT (SELECT count(*) FROM contact WHERE external_id IS NULL) AS contacts,
         (SELECT count(*) FROM dispatch) AS dispatches,
         (SELECT count(*) FROM ledger_entry WHERE kind = 'grant') AS grants`,
    );
    expect(counts).toEqual({ contacts: 2, dispatches: 0, grants: 1 });
  });
});
