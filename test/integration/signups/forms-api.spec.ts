import { openSignups, type SignupsWorld } from './signups-world';

describe('the API for sign-up forms', () => {
  let world: SignupsWorld;
  beforeAll(async () => (world = await openSignups()));
  afterAll(() => world.close());

  const path = '/api/v1/signup-forms';
  const input = () => ({
    key: 'massa',
    nameSv: 'Mässan',
    nameEn: 'The fair',
    topicIds: [world.news],
  });

  it('makes a form with the standard consent, its address and code to embed, and notes who did', async () => {
    const { body } = await world.http.post(path).send(input()).expect(201);
    expect(body).toMatchObject({
      key: 'massa',
      consentSv: expect.stringMatching(/^Ja, jag vill/),
      consentEn: expect.stringMatching(/^Yes, I would/),
      closedAt: null,
      url: 'https://utskick.example/signup/massa',
    });
    expect(body.embed.en).toContain('Sign me up');
    await world.http.get('/signup/massa').expect(200);
    const { body: list } = await world.http.get(path).expect(200);
    expect(list.items.map(({ key }: { key: string }) => key)).toEqual(['nyhetsbrev', 'massa']);
    const [audit] = await world.db.query(
      `SELECT action, subject_id FROM audit_entry ORDER BY id DESC LIMIT 1`,
    );
    expect(audit).toEqual({ action: 'signup_form.created', subject_id: body.id });
  });

  it('changes and closes one', async () => {
    const change = { nameSv: 'Nytt namn', closed: true };
    const { body } = await world.http.patch(`${path}/${world.formId}`).send(change).expect(200);
    expect(body).toMatchObject({
      nameSv: 'Nytt namn',
      nameEn: 'The newsletter',
      embed: { sv: '' },
    });
    expect(body.closedAt).toEqual(expect.any(String));
    await world.http.patch(`${path}/${world.formId}`).send({ closed: false }).expect(200);
  });

  it.each([
    [{ key: 'Å' }, 'key'],
    [{ nameSv: '' }, 'nameSv'],
    [{ topicIds: [] }, 'topicIds'],
    [{ topicIds: ['01890000-0000-7000-8000-000000000000'] }, 'topicIds.0'],
    [{ consentSv: 'Ja.' }, 'consentSv'],
    [{ closedAt: '2026-01-01' }, 'closedAt'],
  ])('refuses %j with the path of the fault', async (wrong, fault) => {
    const { body } = await world.http
      .post(path)
      .send({ ...input(), key: 'annan', ...wrong })
      .expect(422);
    expect(body.errors.map(({ path: at }: { path: string }) => at)).toContain(fault);
  });

  it('refuses a key that is taken, and a form that does not exist', async () => {
    await world.http
      .post(path)
      .send({ ...input(), key: 'nyhetsbrev' })
      .expect(409);
    await world.http.get(`${path}/x`).expect(404);
    await world.http.patch(`${path}/01890000-0000-7000-8000-000000000000`).send({}).expect(404);
  });
});
