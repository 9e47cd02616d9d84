import { ReceiveReply } from '../../src/features/feedback/receive-reply';
import { Cases } from '../../src/features/service-desk/cases/cases.service';
import { Clock } from '../../src/platform/clock';
import { newId } from '../../src/platform/ids';
import { ROLES } from '../../src/platform/http/permissions';
import { apiKey, everyRole, type Caller } from '../setup/callers';
import { declaredRoutes } from '../setup/routes';
import { sayYes } from '../setup/say-yes';
import { Service } from '../setup/service';

interface NoRecorded {
  reference: string;
  caseId: string;
  recorded: boolean;
  holds: string;
  at: string;
  scope: string;
  entryId: string;
  handedOver: { last72h: number };
  otherAddresses: { channel: string; address: string; covered: boolean }[];
}
interface Hit {
  contactId: string | null;
  name: string | null;
  mayWrite: boolean;
  sentence: string;
  addresses: { channel: string; address: string | null; sentence: string }[];
  cases: { reference: string; kind: string }[];
}
interface Answer<T> {
  status: number;
  json: T & { code?: string; errors?: { path: string; code: string; message: string }[] };
}

const DESK = '/api/v1/service-desk';

describe('the service desk', () => {
  let service: Service;
  let topicId: string;
  let agent: Caller;
  let crm: Caller;
  const roles = new Map<string, Caller>();
  let now: Date | null = null;

  beforeAll(async () => {
    service = await Service.open();
    const clock = service.get(Clock);
    jest.spyOn(clock, 'now').mockImplementation(() => now ?? new Date());
    topicId = await service.topic('nyhetsbrev');
    for (const caller of await everyRole(service)) roles.set(caller.name, caller);
    agent = roles.get('service')!;
    crm = await apiKey(service, 'opt-outs:record', 'service-cases:read', 'service-cases:write');
  });
  afterAll(() => service.close());
  beforeEach(() => (now = null));

  async function call<T>(caller: Caller, method: string, path: string, body?: object) {
    const response = await fetch(service.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text ? JSON.parse(text) : {} } as Answer<T>;
  }
  const say = (body: object, caller = agent) =>
    call<NoRecorded>(caller, 'POST', `${DESK}/opt-outs`, { cameBy: 'phone', ...body });
  const search = (query: string, caller = agent) =>
    call<{ items: Hit[]; more: boolean }>(caller, 'POST', `${DESK}/search`, { query });
  const openCase = (body: object) =>
    call<{ id: string; reference: string; state: string }>(agent, 'POST', `${DESK}/cases`, {
      cameBy: 'phone',
      ...body,
    });
  const close = (id: string, body: object) =>
    call<{ state: string; closedAs: string }>(agent, 'POST', `${DESK}/cases/${id}/close`, body);
  const person = async (email: string, phone?: string, externalId?: string) =>
    (await service.people(topicId, [{ email, phone, externalId, firstName: 'Kim' }]))[0]!;
  const isClosed = async (email: string) => {
    const rows = await service.db.query('SELECT FROM gate WHERE address_key = $1 AND no_all', [
      service.key(email),
    ]);
    return rows.length === 1;
  };

  describe('a no that somebody says to us', () => {
    it('L-12 D-03 F-98: is taken for an address nobody knows, and a later import of it is blocked', async () => {
      const told = await say({
        address: 'Okand.Person@exempel.example',
        words: 'Ring inte, skriv inte',
      });
      expect(told).toMatchObject({
        status: 200,
        json: {
          reference: expect.stringMatching(/^A-\d{4}-\d{6}$/),
          recorded: true,
          scope: 'all',
          holds: expect.stringContaining('ingen mer marknadsföring'),
          handedOver: { last72h: 0 },
          otherAddresses: [],
        },
      });
      await person('okand.person@exempel.example');
      await person('annan.person@exempel.example');
      await service.settled(await service.launch(topicId));
      expect(await service.mailbox('okand.person@exempel.example')).toEqual([]);
      expect(await service.mailbox('annan.person@exempel.example')).toHaveLength(1);
    });

    it('F-17: is for the address as it is spelt, plus sign and all', async () => {
      expect((await say({ address: 'a+b@example.com' })).status).toBe(200);
      expect(await isClosed('a+b@example.com')).toBe(true);
      expect(await isClosed('a@example.com')).toBe(false);
    });

    it('F-97: holds for everything of the person, whichever of their addresses they name', async () => {
      await person('eva@exempel.example', '+46701740605', 'crm-7');
      const { json } = await say({ address: '070-174 06 05', cameBy: 'visit' });
      expect(json.otherAddresses).toEqual([
        { channel: 'email', address: 'e•••@e•••.example', covered: true },
      ]);
      expect(await isClosed('eva@exempel.example')).toBe(true);
    });

    it('says which other addresses it does not cover, when it is for less', async () => {
      const id = await person('mia@exempel.example', '+46701740606');
      const channel = await say({ contactId: id, scope: 'channel', channel: 'sms' });
      expect(channel.json).toMatchObject({
        scope: 'channel',
        holds: 'Vi skickar ingen mer marknadsföring till personen via sms.',
        otherAddresses: [
          { channel: 'email', covered: false },
          { channel: 'sms', covered: true },
        ],
      });
      expect(await isClosed('mia@exempel.example')).toBe(false);
      const topic = await say({
        address: 'mia@exempel.example',
        scope: 'topic',
        topic: 'nyhetsbrev',
      });
      expect(topic.json).toMatchObject({
        scope: 'topic',
        holds: 'Vi skickar inte längre Nyhetsbrev till personen.',
        otherAddresses: [{ channel: 'sms', covered: true }],
      });
    });

    it('tells how much had left already, and the first time when it stood before', async () => {
      await person('ove@exempel.example');
      await service.settled(await service.launch(topicId));
      const first = await say({ address: 'ove@exempel.example' });
      expect(first.json).toMatchObject({ recorded: true, handedOver: { last72h: 1 } });
      const again = await say({ address: ' OVE@exempel.example ' });
      expect(again.json).toMatchObject({
        recorded: false,
        at: first.json.at,
        entryId: first.json.entryId,
      });
      expect(again.json.reference).not.toBe(first.json.reference);
    });

    it("is one case for one reference of the caller's, however often it is sent and at once", async () => {
      const body = { address: 'en.gang@exempel.example', reference: 'CRM-17' };
      const answers = await Promise.all(Array.from({ length: 5 }, () => say(body, crm)));
      const references = new Set(answers.map(({ json }) => json.reference));
      expect(references.size).toBe(1);
      expect(answers.filter(({ json }) => json.recorded)).toHaveLength(1);
      // The same number at another caller is another matter.
      const other = await say(body, agent);
      expect(references).not.toContain(other.json.reference);
    });

    it('keeps the words in the case, and out of the registry and the audit trail', async () => {
      const words = 'Jag heter Ellen Exempelsson';
      const { json } = await say({ address: 'ellen@exempel.example', words });
      const kept = await call<{ words: string }>(agent, 'GET', `${DESK}/cases/${json.caseId}`);
      expect(kept.json).toMatchObject({
        words,
        reference: json.reference,
        state: 'closed',
        closedAs: 'stopped',
        ledgerEntryId: json.entryId,
      });
      for (const table of ['ledger_entry', 'audit_entry']) {
        const rows = await service.db.query<{ row: string }>(
          `SELECT row_to_json(t)::text AS row FROM ${table} t`,
        );
        expect(rows.filter(({ row }) => row.includes('Ellen'))).toEqual([]);
      }
    });

    it.each([
      ['nobody', {}, 'one_target'],
      ['two', { address: 'a@example.com', contactId: newId() }, 'one_target'],
      ['no address', { address: 'inte en adress' }, 'invalid_address'],
      ['no such topic', { address: 'a@example.com', scope: 'topic', topic: 'x' }, 'invalid_fields'],
      [
        'a topic without its scope',
        { address: 'a@example.com', topic: 'nyhetsbrev' },
        'invalid_fields',
      ],
      ['long words', { address: 'a@example.com', words: 'x'.repeat(501) }, 'invalid_fields'],
      ['an unknown way', { address: 'a@example.com', cameBy: 'pigeon' }, 'invalid_fields'],
    ])('is refused with %s', async (_, body, code) => {
      expect(await say(body)).toMatchObject({ status: 422, json: { code } });
    });

    it('is written wholly or not at all', async () => {
      await service.db.query('ALTER TABLE service_case RENAME TO service_case_away');
      const answer = await say({ address: 'halv@exempel.example' });
      await service.db.query('ALTER TABLE service_case_away RENAME TO service_case');
      expect(answer.status).toBe(500);
      expect(await isClosed('halv@exempel.example')).toBe(false);
    });
  });

  describe('F-95: a case of somebody who wants it to stop', () => {
    const stop = (body: object) => openCase({ kind: 'stop', ...body });
    const codes = ({ json }: Answer<unknown>) => json.errors?.map(({ code }) => code);

    it('must say whom it is about', async () => {
      expect(await stop({})).toMatchObject({ status: 422, json: { code: 'one_target' } });
    });

    it('is not closed by a promise', async () => {
      const { json } = await stop({ address: 'lova@exempel.example' });
      expect(codes(await close(json.id, { as: 'stopped' }))).toEqual(['missing_ledger_entry']);
      expect(codes(await close(json.id, { as: 'answered', note: 'Vi lovade sluta' }))).toEqual([
        'stop_needs_opt_out',
      ]);
      const passed = await close(json.id, { as: 'passed_on', note: 'Till integritetsansvarig' });
      expect(codes(passed)).toEqual(['stop_needs_opt_out']);
      expect(passed.json.errors![0]!.message).toContain('öppet tills ett nej är registrerat');
      const still = await call(agent, 'GET', `${DESK}/cases/${json.id}`);
      expect(still.json).toMatchObject({ state: 'open' });
    });

    it('is closed only with an opt-out of that very address or person, which still stands', async () => {
      const contactId = await person('rut@exempel.example', '+46701740607');
      const { json: about } = await stop({ address: 'rut@exempel.example' });
      const wrong = 'not_an_opt_out_of_this_person';
      const attempt = (ledgerEntryId: string) => close(about.id, { as: 'stopped', ledgerEntryId });

      expect(codes(await attempt(newId()))).toEqual([wrong]);
      const other = await say({ address: 'nagon.annan@exempel.example' });
      expect(codes(await attempt(other.json.entryId))).toEqual([wrong]);
      const [grant] = await service.db.query<{ id: string }>(
        `SELECT id FROM ledger_entry WHERE contact_id = $1 AND kind = 'grant' LIMIT 1`,
        [contactId],
      );
      expect(codes(await attempt(grant!.id))).toEqual([wrong]);
      const sms = await say({ contactId, scope: 'channel', channel: 'sms' });
      expect(codes(await attempt(sms.json.entryId))).toEqual([wrong]);
      const own = await say({ contactId });
      expect(await attempt(own.json.entryId)).toMatchObject({
        status: 200,
        json: { state: 'closed', closedAs: 'stopped', ledgerEntryId: own.json.entryId },
      });
      expect(await attempt(own.json.entryId)).toMatchObject({ status: 409 });
    });

    it('is not closed with a no to less than everything', async () => {
      const contactId = await person('sten@exempel.example');
      const { json: about } = await stop({ address: 'sten@exempel.example' });
      const topic = await say({ contactId, scope: 'topic', topic: 'nyhetsbrev' });
      const channel = await say({ contactId, scope: 'channel', channel: 'email' });
      for (const { entryId: ledgerEntryId } of [topic.json, channel.json])
        expect(codes(await close(about.id, { as: 'stopped', ledgerEntryId }))).toEqual([
          'not_an_opt_out_of_this_person',
        ]);
    });

    it('is not closed with a no that a yes had outweighed before, though one after the no to it all is theirs to give', async () => {
      const email = 'siv@exempel.example';
      const contactId = await person(email);
      const yes = { email, contactId, topicId };
      const first = await say({ contactId });
      await sayYes(service, yes);
      const { json: about } = await stop({ contactId });
      const attempt = (ledgerEntryId: string) => close(about.id, { as: 'stopped', ledgerEntryId });
      expect(codes(await attempt(first.json.entryId))).toEqual(['not_an_opt_out_of_this_person']);
      const own = await say({ contactId });
      await sayYes(service, yes);
      expect(await attempt(own.json.entryId)).toMatchObject({ status: 200 });
    });

    it('cannot be written into the database closed without its entry, either', async () => {
      const { json } = await stop({ address: 'rad@exempel.example' });
      const write = service.db.query(
        `UPDATE service_case SET state = 'closed', closed_as = 'stopped', closed_by = 'x', closed_at = now() WHERE id = $1`,
        [json.id],
      );
      await expect(write).rejects.toThrow('service_case_stopped');
    });
  });

  describe('cases', () => {
    it('are listed by state and kind, page by page, the newest first', async () => {
      for (let n = 0; n < 3; n += 1) await openCase({ kind: 'rights', words: `nr ${n}` });
      const page = (cursor = '') =>
        call<{ items: { words: string; state: string }[]; next: string | null }>(
          agent,
          'GET',
          `${DESK}/cases?state=open&kind=rights&limit=2${cursor}`,
        );
      const first = await page();
      expect(first.json.items.map(({ words }) => words)).toEqual(['nr 2', 'nr 1']);
      const second = await page(`&cursor=${first.json.next}`);
      expect(second.json).toMatchObject({ items: [{ words: 'nr 0' }], next: null });
    });

    it('are one for one reference', async () => {
      const body = { kind: 'question', reference: 'Q-1' };
      const [one, other] = await Promise.all([openCase(body), openCase(body)]);
      expect(one!.json.id).toBe(other!.json.id);
      expect(await say({ address: 'a@example.com', reference: 'Q-1' })).toMatchObject({
        status: 409,
        json: { code: 'reference_of_another_case' },
      });
    });

    it('follow a person who was merged into another', async () => {
      const [keep, drop] = [
        await person('behalls@exempel.example'),
        await person('gar@exempel.example'),
      ];
      const { json } = await openCase({ kind: 'question', contactId: drop });
      await call(agent, 'POST', `/api/v1/contacts/${keep}/merge`, { from: drop });
      const found = await search('behalls@exempel.example');
      expect(found.json.items).toMatchObject([
        { contactId: keep, cases: [{ reference: json.reference }] },
      ]);
      expect((await search(json.reference)).json.items[0]!.contactId).toBe(keep);
    });

    it('lose what the person said a year after they were closed, and nothing else (R-04)', async () => {
      now = new Date('2026-03-01T09:00:00Z');
      const { json } = await say({ address: 'glom@exempel.example', words: 'Hej' });
      const open = await openCase({ kind: 'question', words: 'Väntar' });
      const wordsOf = async (id: string) =>
        (await call<{ words: string | null }>(crm, 'GET', `${DESK}/cases/${id}`)).json.words;
      now = new Date('2027-03-01T08:59:00Z');
      await service.get(Cases).forget();
      expect(await wordsOf(json.caseId)).toBe('Hej');
      now = new Date('2027-03-01T09:01:00Z');
      await service.get(Cases).forget();
      expect(await wordsOf(json.caseId)).toBeNull();
      expect(await wordsOf(open.json.id)).toBe('Väntar');
      expect(await isClosed('glom@exempel.example')).toBe(true);
      const found = await search(json.reference, crm);
      expect(found.json.items[0]!.cases).toMatchObject([{ reference: json.reference }]);
    });
  });

  describe('the search', () => {
    let contactId: string;
    beforeAll(async () => {
      contactId = await person('sara.sok@exempel.example', '+46701740608', 'ext-sok');
      await service.db.query(
        `UPDATE contact SET first_name = 'Sara', last_name = 'Sökander' WHERE id = $1`,
        [contactId],
      );
    });

    it.each([
      'sara.sok@exempel.example',
      ' SARA.sok@Exempel.example ',
      '070-174 06 08',
      '0046701740608',
      '+46 (0)70 174 06 08',
      'sara sök',
      'ext-sok',
    ])(
      'finds the person by %j, and says in one sentence whether they may be written to',
      async (query) => {
        const { json } = await search(query);
        expect(json.items).toMatchObject([
          {
            contactId,
            name: 'Sara Sökander',
            mayWrite: true,
            sentence: 'Får Nyhetsbrev via e-post; Nyhetsbrev via sms.',
          },
        ]);
      },
    );

    it('says why not, since when and by which door; and finds them by the reference they were given', async () => {
      const { json: told } = await say({ contactId });
      const { json } = await search(told.reference.toLowerCase());
      expect(json.items).toMatchObject([
        {
          contactId,
          mayWrite: false,
          sentence: expect.stringMatching(
            /^Får inte någon marknadsföring: personen sa nej .* via kundtjänst, och det gäller alla adresser\.$/,
          ),
          cases: [{ reference: told.reference, kind: 'stop' }],
        },
      ]);
    });

    it('knows the no of an address that nobody has, and says so of one that nobody knows', async () => {
      const { json: told } = await say({ address: 'utan.person@exempel.example' });
      const known = await search('utan.person@exempel.example');
      expect(known.json.items).toMatchObject([
        {
          contactId: null,
          mayWrite: false,
          sentence: expect.stringMatching(
            /^Får inte någon marknadsföring: nej från den här adressen/,
          ),
          addresses: [{ channel: 'email', address: null }],
          cases: [{ reference: told.reference }],
        },
      ]);
      const unknown = await search('aldrig.sedd@exempel.example');
      expect(unknown.json.items).toMatchObject([
        { contactId: null, mayWrite: false, sentence: expect.stringMatching(/^Får ingenting/) },
      ]);
      expect((await search('Ingen Alls')).json.items).toEqual([]);
    });

    it('L-26: shows whole addresses to those who may read contacts, masked ones to others, and tells who looked', async () => {
      const shown = async (caller: Caller) =>
        (await search('ext-sok', caller)).json.items[0]!.addresses.map(({ address }) => address);
      expect(await shown(agent)).toEqual(['sara.sok@exempel.example', '+46701740608']);
      expect(await shown(crm)).toEqual(['s•••@e•••.example', '+46 ••• 08']);
      const trail = await service.db.query<{ action: string; details: object }>(
        `SELECT action, details FROM audit_entry WHERE subject_id = $1 OR details::text LIKE '%' || $1 || '%'`,
        [contactId],
      );
      expect(new Set(trail.map(({ action }) => action))).toEqual(
        new Set(['contacts.searched', 'contact.read', 'registry.read']),
      );
      expect(JSON.stringify(trail)).not.toMatch(/sara|@/i);
    });
  });

  describe('F-98 L-26: nobody at the desk', () => {
    it.each(ROLES)('who is %s may do more than record and look', async (role) => {
      const may = ['service', 'privacy_officer', 'admin'].includes(role);
      const caller = roles.get(role)!;
      const address = `${role.replace('_', '-')}@roll.example`;
      const expected = may ? 200 : 403;
      expect((await say({ address }, caller)).status).toBe(expected);
      expect((await search(address, caller)).status).toBe(expected);
      expect((await call(caller, 'GET', `${DESK}/cases`)).status).toBe(expected);
      expect((await call(caller, 'GET', `${DESK}/replies`)).status).toBe(expected);
      const body = { kind: 'question', cameBy: 'chat' };
      expect((await call(caller, 'POST', `${DESK}/cases`, body)).status).toBe(may ? 201 : 403);
    });

    it.each(['service', 'privacy_officer', 'admin'])('who is %s can lift a no', async (role) => {
      const caller = roles.get(role)!;
      const address = `lyft-${role.replace('_', '-')}@exempel.example`;
      const contactId = await person(address);
      await say({ contactId }, caller);
      const lifts = [{ lift: true }, { kind: 'grant' }, { scope: 'none' }, { state: 'allowed' }];
      for (const fields of [...lifts, { door: 'double_opt_in' }])
        expect((await say({ contactId, ...fields }, caller)).status).toBe(422);
      const routes = declaredRoutes(service).filter(({ path }) => path.startsWith(DESK));
      expect(routes.filter(({ verb }) => verb !== 'GET' && verb !== 'POST')).toEqual([]);
      expect(routes.filter(({ path }) => /lift|undo|allow|resub|grant/.test(path))).toEqual([]);
      expect(await isClosed(address)).toBe(true);
    });
  });

  const replies = async (caller: Caller) =>
    (await call<{ items: { id: string; from: string }[] }>(caller, 'GET', `${DESK}/replies`)).json
      .items;

  it('P-53 L-26: makes a no of a text message that no machine understood', async () => {
    const contactId = await person('sms.svar@exempel.example', '+46701740610');
    await service.get(ReceiveReply).run({
      channel: 'sms',
      provider: 'twilio',
      providerId: 'SM1',
      from: '+46701740610',
      body: 'Ni kan ta bort mig ur ert register för utskick',
    });
    expect((await replies(crm)).map(({ from }) => from)).toEqual(['+46 ••• 10']);
    const [waiting] = await replies(agent);
    expect(waiting).toMatchObject({ from: '+46701740610', meaning: 'unclear' });
    const { json } = await call<NoRecorded>(
      agent,
      'POST',
      `${DESK}/replies/${waiting!.id}/opt-out`,
      { words: 'Vill bort' },
    );
    expect(json).toMatchObject({
      recorded: true,
      otherAddresses: [{ channel: 'email', covered: true }],
    });
    const made = await call(agent, 'GET', `${DESK}/cases/${json.caseId}`);
    expect(made.json).toMatchObject({ cameBy: 'sms', contactId, words: 'Vill bort' });
    expect(await replies(agent)).toEqual([]);
  });
});
