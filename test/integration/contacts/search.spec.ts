import { OPERATOR } from '../../../src/platform/http/actor';
import { type ContactsWorld, openContacts } from './contacts-world';

describe('searching contacts', () => {
  let world: ContactsWorld;
  beforeAll(async () => {
    world = await openContacts();
    await world.upsert([
      { externalId: 'crm-1', email: 'anna.berg@example.com', firstName: 'Anna', lastName: 'Berg' },
      {
        email: 'bo@example.com',
        firstName: 'Bo',
        lastName: 'Berglund',
        organisation: 'Exempel AB',
      },
      { email: 'cia+kurs@example.com', phone: '070-174 06 15', firstName: 'Cia', lastName: '100%' },
    ]);
  });
  afterAll(() => world.close());

  const find = async (q: string) =>
    (await world.contacts.search({ q }, OPERATOR)).items.map(({ firstName }) => firstName).sort();

  it.each([
    ['berg', ['Anna', 'Bo']],
    ['anna ber', ['Anna']],
    ['ber ann', ['Anna']],
    ['crm-1', ['Anna']],
    ['exempel a', ['Bo']],
    ['ANNA.BERG@EXAMPLE.com', ['Anna']],
    ['0046 70 174 06 15', ['Cia']],
    ['cia+kurs@example.com', ['Cia']],
    ['cia kurs@example.com', []],
    ['100%', ['Cia']],
    ['%', []],
    ['_', []],
    ["' OR 1=1 --", []],
    ['nobody@example.com', []],
  ])('finds %j (F-17, threat 2)', async (q, names) => {
    expect(await find(q)).toEqual(names);
  });

  it('pages by cursor, newest first, and meets each person once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.contacts.search({ limit: 1, cursor }, OPERATOR);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    await expect(world.contacts.search({ cursor: 'x' }, OPERATOR)).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });

  it('leaves a trace of who read whom, without the words that were looked for (L-26)', async () => {
    const { items } = await world.contacts.search({ q: 'bo@example.com' }, OPERATOR);
    await world.contacts.get(items[0]!.id, OPERATOR);
    const trail = await world.db.query<{ action: string; subject: string; details: string }>(
      `SELECT action, subject_id AS subject, details::text AS details FROM audit_entry ORDER BY id DESC LIMIT 2`,
    );
    expect(trail).toMatchObject([
      { action: 'contact.read', subject: items[0]!.id },
      { action: 'contacts.searched', details: expect.stringContaining(items[0]!.id) },
    ]);
    expect(JSON.stringify(trail)).not.toContain('example.com');
  });

  it('keeps the audit trail from being rewritten', async () => {
    await expect(world.db.query('DELETE FROM audit_entry')).rejects.toThrow('append-only');
    await expect(world.db.query(`UPDATE audit_entry SET action = ''`)).rejects.toThrow(
      'append-only',
    );
  });

  it('says nothing of an id that is not one', async () => {
    await expect(world.contacts.get("1' OR '1'='1", OPERATOR)).rejects.toMatchObject({
      code: 'contact_not_found',
    });
  });
});
