import { type ImportsWorld, openImports } from './imports-world';

describe('people from other systems', () => {
  let world: ImportsWorld;
  beforeAll(async () => {
    world = await openImports();
  });
  afterAll(() => world.close());

  const put = (id: string, body: object) =>
    world.http().put(`/api/v1/contacts/${id}`).set(world.actor).send(body);
  const batch = (items: unknown) =>
    world.http().post('/api/v1/contacts/batch').set(world.actor).send({ items });
  const person = (more: object = {}) => ({
    kind: 'company_contact',
    email: 'anna@example.com',
    ...more,
  });

  it('creates, changes and leaves alone', async () => {
    const first = await put('crm-1', person({ firstName: 'Anna' })).expect(200);
    expect(first.body).toMatchObject({ outcome: 'created' });
    const again = await put('crm-1', person({ firstName: 'Anna' })).expect(200);
    expect(again.body).toEqual({
      outcome: 'unchanged',
      id: first.body.id,
      changed: [],
      attributesNotKept: [],
    });
    const changed = await put('crm-1', person({ firstName: null, city: 'Växjö' })).expect(200);
    expect(changed.body).toMatchObject({ outcome: 'changed', changed: ['first_name', 'city'] });
    const { body } = await world.http().get(`/api/v1/contacts/${first.body.id}`).set(world.actor);
    expect(body).toMatchObject({ externalId: 'crm-1', firstName: null, city: 'Växjö' });
    expect(body.sources).toEqual({ city: expect.objectContaining({ source: 'crm_sync' }) });
  });

  it.each([
    ['consent', true],
    ['topics', ['nyhetsbrev']],
    ['optOut', false],
    ['state', 'active'],
    ['externalId', 'other'],
    ['attestedAt', '2026-01-01'],
  ])('has no field %s: this door cannot raise consent (F-46, threat 4)', async (field, value) => {
    const { status, body } = await put('crm-2', person({ [field]: value }));
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: field, code: 'unknown_field' }]);
    const { body: results } = await batch([{ ...person({ [field]: value }), externalId: 'crm-2' }]);
    if (field !== 'externalId') expect(results.items[0]).toMatchObject({ outcome: 'refused' });
  });

  it('takes the employer’s attestation of a learner, as a list of its own would bring it (D-04)', async () => {
    const attestation = {
      company: '  Falkens Bygg\u00a0AB ',
      at: '2026-01-02T09:00:00Z',
      policyVersion: '2018-04-05',
      reference: 'intyg/17',
    };
    const learner = { kind: 'learner', email: 'lova@example.com', attestation };
    const { body: made } = await put('l-1', learner).expect(200);
    const { body } = await world.http().get(`/api/v1/contacts/${made.id}`).set(world.actor);
    expect(body).toMatchObject({
      organisation: null,
      employer: { name: 'Falkens Bygg AB' },
      attestedAt: '2026-01-02T09:00:00.000Z',
      attestationRef: 'api:intyg/17',
      noticeVersion: '2018-04-05',
      noticeAt: '2026-01-02T09:00:00.000Z',
    });
    expect((await put('l-1', learner)).body).toMatchObject({ outcome: 'unchanged' });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const items = [
      { ...learner, kind: 'company_contact' },
      { ...learner, attestation: { ...attestation, policyVersion: '2010-01-01' } },
      { ...learner, attestation: { ...attestation, at: tomorrow } },
      { ...learner, attestation: { ...attestation, reference: 'Eva på HR' } },
    ].map((one, n) => ({ ...one, externalId: `l-${n + 2}` }));
    const { body: refused } = await batch(items).expect(200);
    expect(
      refused.items.map(({ errors }: { errors: { path: string; code: string }[] }) =>
        errors.map(({ path, code }) => `${path} ${code}`),
      ),
    ).toEqual([
      ['attestation only_of_learners'],
      ['attestation.policyVersion attestation_of_another_policy'],
      ['attestation.at in_the_future'],
      ['attestation.reference matches'],
    ]);
  });

  it('tells every fault with its path', async () => {
    const { body } = await put(
      'crm-3',
      person({ email: 'anna', phone: '112', language: 'klingon' }),
    );
    expect(body).toMatchObject({ status: 422, code: 'invalid_fields' });
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'email',
      'language',
      'phone',
    ]);
    for (const language of [null, 7, ['sv']]) {
      expect((await put('crm-3', person({ language }))).status).toBe(422);
    }
  });

  it("counts a learner's data as the employer's, whichever system it comes through (D-04)", async () => {
    const { body } = await put('elev-1', {
      kind: 'learner',
      source: 'crm_sync',
      email: 'elev@example.com',
      firstName: 'Elin',
    }).expect(200);
    const [stored] = await world.db.query(
      `SELECT a.source, c.attested_at FROM address a JOIN contact c ON c.id = a.contact_id WHERE c.id = $1`,
      [body.id],
    );
    expect(stored).toEqual({ source: 'employer_import', attested_at: null });
    const refused = await put('elev-2', {
      kind: 'learner',
      email: 'e2@example.com',
      phone: '0701740641',
    });
    expect(refused.body.errors).toMatchObject([{ path: 'phone', code: 'field_not_allowed' }]);
  });

  it('judges each item of a batch alone', async () => {
    const { body } = await batch([
      { externalId: 'b-1', ...person({ email: 'b1@example.com' }) },
      { externalId: 'b-2', ...person({ email: 'inte en adress' }) },
      { externalId: 'b-3', kind: 'okänd', email: 'b3@example.com' },
      { externalId: 'b-1', ...person({ email: 'b1@example.com' }) },
      { kind: 'company_contact', email: 'b4@example.com' },
      { externalId: 'b-5', kind: 'learner', email: 'b5@example.com', firstName: 'Elin' },
    ]).expect(200);
    expect(
      body.items.map((item: { index: number; externalId: string; outcome: string }) => [
        item.index,
        item.externalId,
        item.outcome,
      ]),
    ).toEqual([
      [0, 'b-1', 'created'],
      [1, 'b-2', 'refused'],
      [2, 'b-3', 'refused'],
      [3, 'b-1', 'refused'],
      [4, null, 'refused'],
      [5, 'b-5', 'created'],
    ]);
    expect(body.items[1].errors).toMatchObject([{ path: 'email', code: 'invalid_email' }]);
  });

  it.each([
    ['more than 1 000', Array.from({ length: 1001 }, (_, n) => ({ externalId: `x${n}` }))],
    ['none', []],
    ['what are not objects', ['x']],
    ['no list', { a: 1 }],
  ])('refuses a batch of %s', async (_, items) => {
    expect((await batch(items)).status).toBe(422);
  });

  it('takes 1 000 at once', async () => {
    const items = Array.from({ length: 1000 }, (_, n) => ({
      externalId: `tusen-${n}`,
      ...person({ email: `tusen${n}@example.com` }),
    }));
    const { body } = await batch(items).expect(200);
    expect(new Set(body.items.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(['created']),
    );
    const again = await batch(items).expect(200);
    expect(
      again.body.items.every(({ outcome }: { outcome: string }) => outcome === 'unchanged'),
    ).toBe(true);
  });

  it('makes one contact of one person, however many write at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        put('samtidig', person({ email: 'samtidig@example.com', title: `T${n}` })),
      ),
    );
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
  });

  it('creates and lists organisations, one per name', async () => {
    const org = (id: string, body: object) =>
      world.http().put(`/api/v1/organisations/${id}`).set(world.actor).send(body);
    await put('crm-7', person({ email: 'org@example.com', organisation: 'Lärverket  AB' })).expect(
      200,
    );
    const { body } = await org('o-1', { name: 'lärverket ab', city: 'Lund' }).expect(200);
    const list = await world
      .http()
      .get('/api/v1/organisations?q=LÄRV')
      .set(world.actor)
      .expect(200);
    expect(list.body.items).toEqual([
      { id: body.id, externalId: 'o-1', name: 'lärverket ab', city: 'Lund', contacts: 1 },
    ]);
    expect((await org('o-2', { name: 'Lärverket AB' })).body.code).toBe('organisation_name_taken');
    expect((await org('o-3', { name: ' \n ' })).status).toBe(422);
  });

  it('asks for the right to write', async () => {
    const reader = { 'x-test-actor': 'contacts:read' };
    await world.http().put('/api/v1/contacts/x').set(reader).send(person()).expect(403);
    await world.http().post('/api/v1/contacts/batch').set(reader).send({ items: [] }).expect(403);
  });
});
