import { newId } from '../../../src/platform/ids';
import { inText, startContentApp, type ContentApp } from './content-app';

let content: ContentApp;

beforeAll(async () => {
  content = await startContentApp();
});
afterAll(() => content.close());

const TEMPLATES = '/api/v1/templates';
const own = {
  nameSv: 'Vår egen',
  nameEn: 'Our own',
  subject: "Hej {{ contact.first_name | default: 'du' }}",
  preheader: 'Kort om det viktigaste',
  body: inText('Hej'),
};

describe('templates', () => {
  it('lists those that come with the product, and gives one with its words', async () => {
    const { body } = await content.as('templates:read').get(TEMPLATES).expect(200);
    expect(body).toContainEqual(
      expect.objectContaining({ key: 'nyhetsbrev', bundled: true, nameSv: 'Nyhetsbrev' }),
    );
    const one = await content.as('templates:read').get(`${TEMPLATES}/nyhetsbrev`).expect(200);
    expect(one.body.body).toContain('<mj-section>');
    await content.as('templates:read').get(`${TEMPLATES}/finns-inte`).expect(404);
  });

  it('saves an own one, counts its versions, and leaves a trace', async () => {
    const author = content.as('templates:read', 'templates:write');
    const first = await author.put(`${TEMPLATES}/var-egen`, own).expect(200);
    expect(first.body).toMatchObject({
      key: 'var-egen',
      bundled: false,
      version: 1,
      body: own.body,
    });
    const second = await author.put(`${TEMPLATES}/var-egen`, { ...own, nameSv: 'Ny' }).expect(200);
    expect(second.body).toMatchObject({ nameSv: 'Ny', version: 2 });
    const { body } = await author.get(TEMPLATES).expect(200);
    expect(body[0]).toMatchObject({ key: 'var-egen', version: 2 });
    const trace = await content.db.query(
      `SELECT details FROM audit_entry WHERE action = 'template.saved' ORDER BY id`,
    );
    expect(trace).toEqual([
      { details: { key: 'var-egen', version: 1 } },
      { details: { key: 'var-egen', version: 2 } },
    ]);
  });

  it('answers 422 with path, line and suggestion, in the reader’s language, and saves nothing', async () => {
    const bad = { ...own, subject: '', body: inText('Hej\n{{ contact.frist_name }}') };
    const author = content.as('templates:write', 'templates:read');
    const { body } = await author.put(`${TEMPLATES}/trasig`, bad).expect(422);
    expect(body).toMatchObject({
      code: 'content_not_sendable',
      errors: [
        { path: 'subject', code: 'subject_empty', message: 'Ämnesraden saknas.' },
        {
          path: 'body',
          code: 'unknown_field',
          message: 'Rad 2: Okänt fält contact.frist_name. Menade du contact.first_name?',
        },
      ],
    });
    const english = await author.put(`${TEMPLATES}/trasig?lang=en`, bad).expect(422);
    expect(english.body.errors[0].message).toBe('The subject is missing.');
    await author.get(`${TEMPLATES}/trasig`).expect(404);
  });

  it('keeps the product’s own as they are, and keys as keys', async () => {
    const author = content.as('templates:write');
    await author.put(`${TEMPLATES}/nyhetsbrev`, own).expect(409);
    await author.put(`${TEMPLATES}/Fel%20nyckel`, own).expect(422);
    await author.put(`${TEMPLATES}/okej`, { ...own, createdBy: newId() }).expect(422);
  });

  it('begins a new one as a copy, under a key made from its name, and deletes it', async () => {
    const author = content.as('templates:read', 'templates:write');
    const copy = { name: 'Höstens brev!', from: 'kurstips' };
    const { body } = await author.post(TEMPLATES, copy).expect(201);
    expect(body).toMatchObject({ nameSv: 'Höstens brev!', bundled: false, version: 1 });
    expect(body.key).toMatch(/^hostens-brev-[0-9a-f]{6}$/);
    const { body: original } = await author.get(`${TEMPLATES}/kurstips`);
    expect(original.blocks.length).toBeGreaterThan(5);
    expect(body.blocks).toEqual(original.blocks);
    await author.delete(`${TEMPLATES}/${body.key}`).expect(204);
    await author.get(`${TEMPLATES}/${body.key}`).expect(404);
    await author.delete(`${TEMPLATES}/${body.key}`).expect(404);
    await author.delete(`${TEMPLATES}/kurstips`).expect(409);
  });

  it('is not saved over by who had read an older version', async () => {
    const author = content.as('templates:read', 'templates:write');
    await author.put(`${TEMPLATES}/tva-samtidigt`, own).expect(200);
    const first = { ...own, nameSv: 'Först', version: 1 };
    await author.put(`${TEMPLATES}/tva-samtidigt`, first).expect(200);
    const late = { ...own, nameSv: 'Sedan', version: 1 };
    const refused = await author.put(`${TEMPLATES}/tva-samtidigt`, late).expect(409);
    expect(refused.body.code).toBe('template_changed');
    const { body } = await author.get(`${TEMPLATES}/tva-samtidigt`);
    expect(body).toMatchObject({ nameSv: 'Först', version: 2 });
  });

  it('needs the right to read or to write', async () => {
    await content.as('campaigns:read').get(TEMPLATES).expect(403);
    await content.as('templates:read').put(`${TEMPLATES}/var-egen`, own).expect(403);
  });

  it('lists the fields an author may use, with words for the menu', async () => {
    const { body } = await content
      .as('templates:read')
      .get(`${TEMPLATES}/merge-fields?lang=en`)
      .expect(200);
    expect(body).toContainEqual({
      field: 'contact.first_name',
      label: 'First name',
      personal: true,
    });
  });
});

describe('a preview', () => {
  const request = {
    subject: own.subject,
    preheader: 'Mer',
    body: inText('Till {{ contact.city }}'),
  };

  it('shows the mail for an invented person, with what could be better', async () => {
    const { body } = await content
      .as('templates:read')
      .post(`${TEMPLATES}/preview`, request)
      .expect(200);
    expect(body.subject).toBe('Hej Kim');
    expect(body.html).toContain('Till Umeå');
    expect(body.text).toContain('Avsluta prenumeration: https://utskick.example/u/exempel');
    expect(body.size).toBeGreaterThan(5_000);
    expect(body.problems).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'missing_fallback',
        message: expect.stringContaining('contact.city kan vara tomt'),
      }),
    ]);
  });

  it('shows it as a contact would see it, without that person’s working links', async () => {
    const id = newId();
    await content.db.query(
      `INSERT INTO contact (id, kinds, first_name, city, created_at, updated_at)
       VALUES ($1, '{newsletter_subscriber}', 'Åsa <b>', 'Ystad', now(), now())`,
      [id],
    );
    const reader = content.as('templates:read', 'contacts:read');
    const { body } = await reader
      .post(`${TEMPLATES}/preview`, { ...request, contactId: id })
      .expect(200);
    expect(body.subject).toBe('Hej Åsa <b>');
    expect(body.html).toContain('Till Ystad');
    expect(body.html).toContain('/u/exempel');
    const [trace] = await content.db.query(
      `SELECT subject_id AS "subjectId" FROM audit_entry WHERE action = 'contact.previewed'`,
    );
    expect(trace).toEqual({ subjectId: id });
    await reader.post(`${TEMPLATES}/preview`, { ...request, contactId: newId() }).expect(404);
    await content
      .as('templates:read')
      .post(`${TEMPLATES}/preview`, { ...request, contactId: id })
      .expect(403);
  });

  it('says what is wrong instead of showing what must not be sent', async () => {
    const { body } = await content
      .as('templates:read')
      .post(`${TEMPLATES}/preview`, { ...request, body: inText('<script>alert(1)</script>') })
      .expect(200);
    expect(body).toMatchObject({ subject: null, html: null, text: null });
    expect(body.problems[0]).toMatchObject({ severity: 'error', code: 'tag_not_allowed', line: 1 });
  });
});
