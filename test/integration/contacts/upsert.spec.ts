import { OwnData } from '../../../src/features/contacts/own-data';
import { Clock } from '../../../src/platform/clock';
import { OPERATOR } from '../../../src/platform/http/actor';
import { type ContactsWorld, openContacts } from './contacts-world';

const LATER = new Date('2027-03-02T09:00:00Z');

describe('upserting contacts', () => {
  let world: ContactsWorld;
  beforeAll(async () => {
    world = await openContacts();
  });
  afterAll(() => world.close());

  const get = (id: string | null) => world.contacts.get(id!, OPERATOR);
  const one = async (...args: Parameters<ContactsWorld['upsert']>) =>
    (await world.upsert(...args))[0]!;
  const count = async () =>
    (await world.db.query<{ n: number }>('SELECT count(*) AS n FROM contact'))[0]!.n;

  it('stores who the person is, in Swedish and in Stockholm unless told otherwise', async () => {
    const { outcome, contactId } = await one({
      email: ' Anna.Berg@Example.com ',
      phone: '070-174 06 05',
      firstName: '  Anna\u00A0 ',
      lastName: 'Berg',
      organisation: 'Exempel AB',
    });
    expect(outcome).toBe('created');
    expect(await get(contactId)).toMatchObject({
      firstName: 'Anna',
      lastName: 'Berg',
      language: 'sv',
      timeZone: 'Europe/Stockholm',
      kinds: ['company_contact'],
      organisation: { name: 'Exempel AB' },
      addresses: [
        { channel: 'email', value: 'Anna.Berg@example.com', source: 'company_contact' },
        { channel: 'sms', value: '+46701740605' },
      ],
    });
  });

  it('finds the same person by any spelling of the address (L-32, F-50, P-58)', async () => {
    const { contactId } = await one({ email: 'åsa@räksmörgås.example', firstName: 'Åsa' });
    for (const email of ['A\u030ASA@RÄKSMÖRGÅS.EXAMPLE', 'åsa@xn--rksmrgs-5wao1o.example']) {
      expect(await one({ email })).toMatchObject({ contactId, outcome: 'unchanged' });
    }
    const byPhone = await one({ phone: '+46 (0)70 174 06 11' });
    for (const phone of ['070-174 06 11', '0046701740611', '+46701740611']) {
      expect(await one({ phone })).toMatchObject({
        contactId: byPhone.contactId,
        outcome: 'unchanged',
      });
    }
  });

  it('finds a person again after the address keys have been rotated twice (L-31)', async () => {
    const { contactId } = await one({ email: 'rotated@example.com' });
    for (const versions of [
      [1, 2],
      [1, 2, 3],
    ]) {
      const { upsert, keys, contacts } = world.withKeys(...versions);
      const [again] = await upsert({ email: 'ROTATED@example.com' });
      expect(again).toMatchObject({ contactId, outcome: 'unchanged' });
      const resolved = await keys.resolve(world.db, 'email', [
        'rotated@example.com',
        'new@example.com',
      ]);
      expect(resolved.get('rotated@example.com')!.version).toBe(1);
      expect(resolved.get('new@example.com')!.version).toBe(versions.at(-1));
      expect(await contacts.findByAddress(world.db, 'email', 'rotated@example.com')).toHaveLength(
        1,
      );
    }
  });

  it('goes by the external id before the address', async () => {
    const first = await one({ externalId: 'crm-1', email: 'ext@example.com' });
    expect(await one({ email: 'ext@example.com', firstName: 'Ida' })).toMatchObject({
      contactId: first.contactId,
      outcome: 'changed',
    });
    const second = await one({ externalId: 'crm-2', email: 'ext@example.com' });
    expect(second.outcome).toBe('created');
    expect(await world.contacts.findByAddress(world.db, 'email', 'ext@example.com')).toHaveLength(
      2,
    );
  });

  it('gives a contact without an external id the one it is first called by', async () => {
    const { contactId } = await one({ email: 'adopted@example.com' });
    expect(await one({ externalId: 'crm-9', email: 'adopted@example.com' })).toMatchObject({
      contactId,
      outcome: 'changed',
    });
    expect(await get(contactId)).toMatchObject({ externalId: 'crm-9' });
  });

  it('keeps the time of collection when it hears the same again (policy 3.1)', async () => {
    const data = { email: 'same@example.com', firstName: 'Sam', lastName: 'Lind' };
    const { contactId } = await one(data);
    expect(await one(data, { now: LATER, source: 'crm_sync', sourceRef: 'other' })).toMatchObject({
      outcome: 'unchanged',
    });
    const changed = await one({ ...data, lastName: 'Lund' }, { now: LATER, source: 'crm_sync' });
    expect(changed).toMatchObject({ outcome: 'changed', changed: ['last_name'] });
    expect(await get(contactId)).toMatchObject({
      sources: {
        first_name: { source: 'company_contact', at: '2026-03-02T09:00:00.000Z', ref: 'test' },
        last_name: { source: 'crm_sync', at: LATER.toISOString() },
      },
      addresses: [{ source: 'company_contact' }],
    });
  });

  it('lets what was given for support be given anew for something else (L-24)', async () => {
    const { contactId } = await one(
      { kind: 'support_contact', email: 'help@example.com', firstName: 'Hel' },
      { source: 'support' },
    );
    const again = await one(
      { kind: 'newsletter_subscriber', email: 'help@example.com' },
      { source: 'newsletter_form', now: LATER },
    );
    expect(again).toMatchObject({ contactId, outcome: 'changed', changed: ['kinds', 'email'] });
    expect(await get(contactId)).toMatchObject({
      kinds: ['newsletter_subscriber', 'support_contact'],
      sources: { first_name: { source: 'support' } },
      addresses: [{ source: 'newsletter_form', collectedAt: expect.stringContaining('2027') }],
    });
  });

  it.each([
    ['learner', 'employer_import', { phone: '070-174 06 12' }, 'phone'],
    ['learner', 'employer_import', { title: 'Chef' }, 'title'],
    ['learner', 'crm_sync', { organisation: 'Exempel AB' }, 'organisation'],
    ['newsletter_subscriber', 'newsletter_form', { phone: '070-174 06 12' }, 'phone'],
    ['newsletter_subscriber', 'newsletter_form', { firstName: 'Kim' }, 'firstName'],
  ] as const)(
    'refuses of a %s from %s what the policy does not allow (3.2): %j',
    async (kind, source, extra, path) => {
      const before = await count();
      const { outcome, faults } = await one(
        { kind, email: 'not-allowed@example.com', ...extra },
        { source },
      );
      expect(outcome).toBe('refused');
      expect(faults).toEqual([{ path, code: 'field_not_allowed', message: expect.any(String) }]);
      expect(await count()).toBe(before);
    },
  );

  it('takes the number a learner adds in Mina sidor (policy 2(a))', async () => {
    const data = { kind: 'learner', email: 'mina@example.com', phone: '070-174 06 13' } as const;
    expect(await one(data, { source: 'mina_sidor' })).toMatchObject({ outcome: 'created' });
  });

  it('lets no register take away or replace a number that the person has added, nor their language', async () => {
    const email = 'eget-nummer@example.com';
    const own = { phone: '070-174 06 14', language: 'en' } as const;
    const saved = await one({ email, ...own }, { source: 'mina_sidor' });
    const numbers = async () => {
      const rows = await world.db.query<{ value: string }>(
        `SELECT value FROM address WHERE contact_id = $1 AND channel = 'sms' ORDER BY value`,
        [saved.contactId],
      );
      return rows.map(({ value }) => value);
    };
    await one({ email, phone: '070-174 06 15', language: 'sv' });
    expect(await numbers()).toEqual(['+46701740614', '+46701740615']);
    await one({ email, phone: '070-174 06 16' });
    expect(await numbers()).toEqual(['+46701740614', '+46701740616']);
    await one({ email, phone: null });
    expect(await numbers()).toEqual(['+46701740614']);
    const [contact] = await world.db.query('SELECT language FROM contact WHERE id = $1', [
      saved.contactId,
    ]);
    expect(contact).toEqual({ language: 'en' });
  });

  it('tells every fault of a contact at once, and takes the others', async () => {
    const results = await world.upsert([
      {
        email: 'anna@',
        phone: '112',
        language: 'klingon',
        timeZone: 'Mars/Base',
        firstName: 'a\u0000b',
      },
      { email: 'fine@example.com' },
      { firstName: 'Utan adress' },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'created', 'refused']);
    expect(results[0]!.faults.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'email invalid_email',
      'firstName control_character',
      'language unknown_language',
      'phone invalid_phone',
      'timeZone unknown_time_zone',
    ]);
    expect(results[2]!.faults).toMatchObject([{ code: 'missing_address' }]);
  });

  it('makes one contact of a person named twice in one call', async () => {
    const results = await world.upsert([
      { email: 'twice@example.com' },
      { email: 'TWICE@example.com' },
      { externalId: 'crm-21', email: 'shared@example.com' },
      { externalId: 'crm-22', email: 'shared@example.com' },
      { externalId: 'crm-22', email: 'else@example.com' },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      'created',
      'refused',
      'created',
      'created',
      'refused',
    ]);
  });

  it('makes one contact when two writers bring the same new person at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => one({ email: 'race@example.com', externalId: 'crm-race' })),
    );
    expect(new Set(all.map(({ contactId }) => contactId)).size).toBe(1);
    expect(all.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
  });

  it('leaves a number that the person has added in Mina sidor to them', async () => {
    const learner = { kind: 'learner', externalId: 'own-number' } as const;
    const context = { source: 'crm_sync', sourceRef: null, actor: OPERATOR, now: LATER } as const;
    const [made] = await world.upsert({ ...learner, email: 'egen@example.com' });
    const keys = world.withKeys(1).keys;
    const clock = new Clock();
    await world.db.tx((tx) =>
      new OwnData(keys, clock).setNumber(tx, made!.contactId!, '+46701740690'),
    );
    const [synced] = await world.upsert({ ...learner, phone: null }, context);
    expect(synced!.removed).toEqual([]);
    const { addresses } = await get(made!.contactId);
    expect(addresses.map(({ channel }) => channel).sort()).toEqual(['email', 'sms']);
  });

  it('replaces an address and tells which no must be carried over (L-20)', async () => {
    const first = await one({
      externalId: 'crm-move',
      email: 'old@example.com',
      phone: '070-174 06 14',
    });
    const moved = await one({ externalId: 'crm-move', email: 'new@example.com' });
    const [old] = first.addresses;
    expect(moved).toMatchObject({
      contactId: first.contactId,
      outcome: 'changed',
      changed: ['email'],
    });
    expect(moved.addresses).toMatchObject([{ channel: 'email', added: true }]);
    expect(moved.removed).toEqual([
      { channel: 'email', key: old!.key, replacedBy: moved.addresses[0]!.key },
    ]);
    const { addresses } = await get(first.contactId);
    expect(addresses.map(({ value }) => value).sort()).toEqual(['+46701740614', 'new@example.com']);
    const cleared = await one({ externalId: 'crm-move', phone: null });
    expect(cleared.removed).toMatchObject([{ channel: 'sms', replacedBy: null }]);
  });

  it('keeps the first notice and attestation until the policy changes (L-18, D-04)', async () => {
    const learner = { kind: 'learner', email: 'informed@example.com' } as const;
    const informed = (version: string, at: Date, ref: string) =>
      one(learner, {
        source: 'employer_import',
        notice: { version, at },
        attestation: { at, ref, company: 'Exempelbolaget AB' },
      });
    const first = new Date('2026-01-01T00:00:00Z');
    const { contactId } = await informed('2018-04-05', first, 'a');
    expect(await get(contactId)).toMatchObject({
      organisation: null,
      employer: { name: 'Exempelbolaget AB' },
      agreements: [],
    });
    expect(await informed('2018-04-05', LATER, 'b')).toMatchObject({ outcome: 'unchanged' });
    expect(await get(contactId)).toMatchObject({ attestedAt: first, attestationRef: 'a' });
    await informed('2026-01-01', LATER, 'c');
    expect(await get(contactId)).toMatchObject({
      noticeVersion: '2026-01-01',
      attestedAt: LATER,
      attestationRef: 'c',
    });
  });

  it('writes 1 000 contacts in a dozen statements', async () => {
    let statements = 0;
    await world.db.tx(async (tx) => {
      const counting = {
        query: <Row extends object>(text: string, values?: unknown[]) => {
          statements++;
          return tx.query<Row>(text, values);
        },
      };
      const contacts = Array.from({ length: 1000 }, (_, n) => ({
        kind: 'company_contact' as const,
        email: `bulk${n}@example.com`,
        phone: undefined,
        firstName: `Kim ${n}`,
        organisation: `Företag ${n % 10}`,
      }));
      const context = { source: 'crm_sync', sourceRef: null, actor: OPERATOR, now: LATER } as const;
      const results = await world.contacts.upsert(counting as never, contacts, context);
      expect(results.every(({ outcome }) => outcome === 'created')).toBe(true);
    });
    expect(statements).toBeLessThanOrEqual(12);
  });
});
