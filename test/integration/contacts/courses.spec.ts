import { type LearningWorld, openLearning } from './learning-world';

describe('courses, agreements and attributes', () => {
  let world: LearningWorld;
  beforeAll(async () => {
    world = await openLearning();
  });
  afterAll(() => world.close());

  const outcomesOf = ({ body }: { body: { items: { outcome: string }[] } }) =>
    body.items.map(({ outcome }) => outcome);

  it('makes a course what is said of it', async () => {
    const input = { name: 'Excel  grund', subject: 'Excel', level: 1 };
    const first = await world.put('courses/excel-1', input).expect(200);
    expect(first.body).toEqual({ id: expect.any(String), outcome: 'created' });
    const again = await world.put('courses/excel-1', input).expect(200);
    expect(again.body).toEqual({ id: first.body.id, outcome: 'unchanged' });
    const less = await world.put('courses/excel-1', { name: 'Excel grund' }).expect(200);
    expect(less.body.outcome).toBe('changed');
    const { body } = await world.get('courses?q=excel').expect(200);
    expect(body.items).toMatchObject([
      { id: first.body.id, name: 'Excel grund', subject: '', level: null, archivedAt: null },
    ]);
  });

  it('keeps an archived course, and offers it to nobody', async () => {
    await world.put('courses/old', { name: 'Gammal', archived: true }).expect(200);
    expect((await world.get('courses?q=gammal')).body.items).toEqual([]);
    const shown = (await world.get('courses?q=gammal&archived=true')).body.items;
    expect(shown).toMatchObject([{ archivedAt: expect.any(String) }]);
    await world.put('courses/old', { name: 'Gammal' }).expect(200);
    expect((await world.get('courses?q=gammal')).body.items).toHaveLength(1);
  });

  it('takes many, each judged alone, and pages through them', async () => {
    const items = [
      { externalId: 'a', name: 'A' },
      { externalId: 'a', name: 'Another' },
      { externalId: 'b', name: '' },
      { externalId: 'c', name: 'C', url: 'javascript:alert(1)' },
      { externalId: 'd', name: 'D', level: 0 },
      { externalId: 'e', name: '100 % % Å', url: 'https://kurser.example/e' },
    ];
    const answer = await world.post('courses/batch', { items }).expect(200);
    expect(outcomesOf(answer)).toEqual([
      'created',
      'refused',
      'refused',
      'refused',
      'refused',
      'created',
    ]);
    expect(answer.body.items[1].errors).toMatchObject([{ path: 'externalId', code: 'repeated' }]);
    expect((await world.get(`courses?q=${encodeURIComponent('% %')}`)).body.items).toHaveLength(1);
    const first = (await world.get('courses?limit=2')).body;
    const second = (await world.get(`courses?limit=2&cursor=${first.next}`)).body;
    const ids = [...first.items, ...second.items].map(({ externalId }) => externalId as string);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 2).sort()).toEqual(['a', 'e']);
    const many = { items: Array.from({ length: 1001 }, () => ({})) };
    expect((await world.post('courses/batch', many)).status).toBe(422);
  });

  it('lets two systems send the same courses in different orders', async () => {
    const items = Array.from({ length: 100 }, (_, n) => ({ externalId: `par-${n}`, name: `${n}` }));
    const changed = items.map((item) => ({ ...item, name: `${item.name}!` })).reverse();
    const answers = await Promise.all(
      [items, changed, items, changed].map((batch) =>
        world.post('courses/batch', { items: batch }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('knows what a company has agreed', async () => {
    const org = await world.put('organisations/org-1', { name: 'Exempel AB', city: 'Malmö' });
    const input = { organisation: 'org-1', startsOn: '2025-01-01', endsOn: '2026-12-31' };
    expect((await world.put('agreements/avtal-1', input)).body.outcome).toBe('created');
    const paid = { ...input, finalPaymentOn: '2027-01-31' };
    expect((await world.put('agreements/avtal-1', paid)).body.outcome).toBe('changed');
    const { body } = await world.get('organisations/org-1').expect(200);
    expect(body).toEqual({
      id: org.body.id,
      externalId: 'org-1',
      name: 'Exempel AB',
      city: 'Malmö',
      contacts: 0,
      agreements: [
        {
          externalId: 'avtal-1',
          startsOn: '2025-01-01',
          endsOn: '2026-12-31',
          finalPaymentOn: '2027-01-31',
        },
      ],
    });
    expect((await world.get('organisations/nobody')).status).toBe(404);
  });

  it('refuses agreements that cannot be', async () => {
    const items = [
      { externalId: '1', organisation: 'nobody', startsOn: '2025-01-01' },
      { externalId: '2', organisation: 'org-1', startsOn: '2025-02-30' },
      { externalId: '3', organisation: 'org-1', startsOn: '2025-02-01', endsOn: '2025-01-31' },
      { externalId: '4', organisation: 'org-1', startsOn: '2025-02-01' },
    ];
    const { body } = await world.post('agreements/batch', { items }).expect(200);
    expect(
      body.items.map((item: { errors: { path: string; code: string }[] }) =>
        item.errors.map(({ path, code }) => `${path} ${code}`),
      ),
    ).toEqual([
      ['organisation unknown_organisation'],
      ['startsOn is_day'],
      ['endsOn before_start'],
      [],
    ]);
  });

  it('stores nothing that is not declared, and nothing of another type', async () => {
    await world.attribute('industry', { type: 'choice', choices: ['Bygg', 'Vård'] }).expect(201);
    await world.attribute('staff', { type: 'number' }).expect(201);
    await world.attribute('renewal', { type: 'date' }).expect(201);
    await world.attribute('vip', { type: 'flag' }).expect(201);
    await world.attribute('note').expect(201);
    const bad = {
      industry: 'Skola',
      staff: '40',
      renewal: '2026-02-30',
      vip: 'ja',
      note: 'a\0b',
      'no such': 1,
      other: 1,
    };
    const person = { kind: 'company_contact', email: 'anna@exempel.example' };
    const { status, body } = await world.put('contacts/anna', { ...person, attributes: bad });
    expect(status).toBe(422);
    const faults = body.errors as { path: string; code: string }[];
    expect(faults.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'attributes.industry not_a_choice',
      'attributes.staff not_a_number',
      'attributes.renewal not_a_date',
      'attributes.vip not_a_flag',
      'attributes.note unstorable_text',
      'attributes.no such undeclared_attribute',
      'attributes.other undeclared_attribute',
    ]);
    const good = {
      industry: 'Vård',
      staff: 40.5,
      renewal: '2026-03-01',
      vip: false,
      note: ' Cafe\u0301  ',
    };
    const stored = await world.put('contacts/anna', { ...person, attributes: good }).expect(200);
    expect(stored.body).toMatchObject({ outcome: 'created', attributesNotKept: [] });
    const again = await world.put('contacts/anna', { ...person, attributes: good }).expect(200);
    expect(again.body).toMatchObject({ outcome: 'unchanged', changed: [] });
    const known = await world.known(stored.body.id as string, 'en');
    expect(Object.fromEntries(known.attributes.map(({ key, value }) => [key, value]))).toEqual({
      ...good,
      note: 'Café',
    });
    expect(known.attributes[0]).toMatchObject({
      name: 'English industry',
      purpose: 'R-08',
      purposeText: 'To improve the service and develop the business',
      source: 'crm_sync',
      goneOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });

  it('takes values of many people at once, from several sources', async () => {
    const items = [
      { externalId: 'p-1', kind: 'company_contact', email: 'p1@exempel.example' },
      { externalId: 'p-2', kind: 'learner', email: 'p2@exempel.example' },
      { externalId: 'p-3', kind: 'learner', email: 'p3@exempel.example' },
    ].map((item, n) => ({ ...item, attributes: n === 2 ? { missing: 1 } : { staff: n } }));
    const { body } = await world.post('contacts/batch', { items }).expect(200);
    expect(outcomesOf({ body })).toEqual(['created', 'created', 'refused']);
    const known = await world.known(body.items[1].id as string);
    expect(known.attributes).toMatchObject([{ key: 'staff', value: 1, source: 'employer_import' }]);
  });

  it('keeps type and purpose of what people have values of, and removes all when it is archived', async () => {
    const items = (await world.get('attributes')).body.items as { id: string; key: string }[];
    const idOf = (key: string) => items.find((one) => one.key === key)!.id;
    const change = (key: string, body: object) => world.patch(`attributes/${idOf(key)}`, body);
    expect((await change('staff', { type: 'text' })).body.code).toBe('attribute_in_use');
    expect((await change('staff', { purpose: 'R-10' })).body.code).toBe('attribute_in_use');
    expect((await change('industry', { choices: ['Bygg'] })).body.code).toBe('choice_in_use');
    expect((await change('industry', { choices: ['Vård', 'Skola'] })).status).toBe(200);
    expect((await change('staff', { nameSv: 'Antal anställda' })).body.nameSv).toBe(
      'Antal anställda',
    );
    const archived = await change('staff', { archived: true }).expect(200);
    expect(archived.body).toMatchObject({ values: 0, archivedAt: expect.any(String) });
    const person = { kind: 'company_contact', attributes: { staff: 1 } };
    expect((await world.put('contacts/anna', person)).status).toBe(422);
    expect((await world.attribute('staff')).body.code).toBe('attribute_key_taken');
    expect((await world.attribute('empty', { type: 'choice' })).status).toBe(422);
    expect((await world.attribute('Bad Key')).status).toBe(422);
    expect((await world.attribute('ground', { purpose: 'R-05' })).status).toBe(422);
  });
});
