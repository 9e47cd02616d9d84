import { OPERATOR } from '../../../src/platform/http/actor';
import { SearchPeople } from '../../../src/features/people/search-people';
import type { PeopleSearch } from '../../../src/features/people/search-people.dto';
import { Env } from '../../../src/platform/config/env';
import { Audit } from '../../../src/platform/audit/audit';
import { type ContactsWorld, openContacts } from '../contacts/contacts-world';

describe('searching contacts', () => {
  let world: ContactsWorld;
  let people: SearchPeople;
  beforeAll(async () => {
    world = await openContacts();
    people = new SearchPeople(world.db, world.keys, new Audit(), new Env());
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

  const search = (asked: PeopleSearch) => people.run(asked, OPERATOR);
  const find = async (q: string) =>
    (await search({ q })).items.map(({ firstName }) => firstName).sort();

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
      const page = await search({ limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    await expect(search({ cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });

  it('narrows by kind, language and organisation, and counts what there is in all', async () => {
    const [bo] = (await search({ q: 'Bo' })).items;
    const [row] = await world.db.query<{ organisationId: string }>(
      `SELECT organisation_id AS "organisationId" FROM contact WHERE id = $1`,
      [bo!.id],
    );
    const names = async (asked: PeopleSearch) =>
      (await search(asked)).items.map(({ firstName }) => firstName).sort();
    expect(await names(row!)).toEqual(['Bo']);
    expect(await names({ kind: 'company_contact', language: 'sv' })).toEqual(['Anna', 'Bo', 'Cia']);
    expect(await names({ kind: 'learner' })).toEqual([]);
    expect(await names({ language: 'en' })).toEqual([]);
    expect(await search({ limit: 2 })).toMatchObject({ total: 3, next: expect.any(String) });
    expect(await search({ limit: 3 })).toMatchObject({ total: 3, next: null });
  });

  it('shows nobody as reachable of whom no consent is known', async () => {
    expect((await search({})).items.flatMap(({ reachableBy }) => reachableBy)).toEqual([]);
    expect((await search({ reachableBy: 'email' })).items).toEqual([]);
  });

  it('leaves a trace of who read whom, without the words that were looked for (L-26)', async () => {
    const { items } = await search({ q: 'bo@example.com' });
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
