import { Wordings } from '../../../src/features/registry/wordings';
import { PUBLIC_URL } from '../service-mail/mail-app';
import { openSignups, type SignupsWorld } from './signups-world';

describe('the sign-up form', () => {
  let world: SignupsWorld;
  beforeAll(async () => (world = await openSignups()));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  it('asks for an address and topics only, with nothing ticked beforehand (L-16)', async () => {
    const { text, headers } = await world.http.get('/signup/nyhetsbrev').expect(200);
    expect(text).toContain('<html lang="sv">');
    expect(text).not.toContain('checked');
    const names = [...text.matchAll(/<input[^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(['email', 'lang', 'more', 'seen', 'topic']));
    expect(headers['set-cookie']).toBeUndefined();
    expect(text).not.toMatch(/<script|<img|https?:\/\/(?!utskick\.example)/);
  });

  it('tells who, why, on what ground, for how long and which rights at the moment of collection (L-18)', async () => {
    const { text } = await world.http.get('/signup/nyhetsbrev');
    for (const part of [
      world.env.CONTROLLER_NAME,
      world.env.CONTROLLER_EMAIL,
      'samtycke',
      'tills du säger nej',
      'raderat',
      'Integritetsskyddsmyndigheten',
      '2018-04-05',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('speaks English to those who choose it, and writes the mail in English too', async () => {
    const { text } = await world.http.get('/signup/nyhetsbrev?lang=en').expect(200);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('The newsletter');
    await world.send({ email: 'eve@example.com', lang: 'en' }).expect(200, /Check your inbox/);
    await world.settle();
    expect(world.provider.to('eve@example.com')[0]!.subject).toMatch(/Confirm/);
  });

  it('keeps the exact words the person saw, so that they can be read on any later day (L-16)', async () => {
    await world.send({ email: 'words@example.com' }).expect(200);
    const [signup] = await world.signups();
    const wording = await world.app.get(Wordings).text(world.db, signup!.wording_version as string);
    await world.changeForm({ consentSv: 'Helt andra ord om samtycke till något.' });
    const { text } = (await world.app
      .get(Wordings)
      .text(world.db, signup!.wording_version as string))!;
    expect(text).toBe(wording!.text);
    expect(text).toContain('Ja, jag vill få det jag kryssat för');
    expect(text).toContain('[ ] Kurstips – Om Kurstips');
    expect(text).toContain(world.env.AUTHORITY);
    await world.settle();
    const [pending] = await world.ledger();
    expect(pending).toMatchObject({
      kind: 'grant_pending',
      wording_version: signup!.wording_version,
      policy_version: '2018-04-05',
      door: 'signup_form',
      contact_id: null,
    });
    expect(signup!.policy_version).toBe('2018-04-05');
  });

  it('records no consent to words that were changed after the form was opened (L-16)', async () => {
    const seen = await world.seen();
    await world.changeForm({ consentSv: 'Ja, jag vill få ännu mer än så med e-post.' });
    const { text } = await world.send({ email: 'late@example.com', seen }).expect(409);
    expect(text).toContain('har ändrats');
    expect(text).toContain('value="late@example.com"');
    expect(await world.signups()).toEqual([]);
    await world.send({ email: 'late@example.com', seen: await world.seen() }).expect(200);
  });

  it.each([
    [{ email: '' }, 'Skriv din e-postadress', '#email'],
    [{ email: 'anna' }, 'fullständig e-postadress', '#email'],
    [{ email: 'a@example.com\r\nBcc: b@example.com' }, 'fullständig e-postadress', '#email'],
    [{ email: '"a@evil.example x"@example.com' }, 'fullständig e-postadress', '#email'],
    [{ email: 'a@example.com', topic: [] }, 'Kryssa för minst ett ämne', '#first-topic'],
    [
      { email: 'a@example.com', topic: ['01890000-0000-7000-8000-000000000000'] },
      'minst ett',
      '#first-topic',
    ],
  ])(
    'says what is wrong with %j, with a link to the field, and keeps nothing',
    async (fields, words, link) => {
      const { text } = await world.send(fields).expect(422);
      expect(text).toContain(words);
      expect(text).toContain(`href="${link}"`);
      expect(text).toContain('role="alert"');
      expect(text).toContain('<title>Fel: ');
      expect(await world.signups()).toEqual([]);
    },
  );

  it('takes fields it does not know as noise, and never as an address, a state or a consent (threat 4)', async () => {
    await world
      .send({
        email: 'extra@example.com',
        state: 'CONFIRMED',
        contactId: 'x',
        'email[$ne]': 'x',
        __proto__: 'x',
      } as never)
      .expect(200);
    await world.send({ email: ['a@example.com', 'b@example.com'] as never }).expect(422);
    expect(await world.signups()).toEqual([expect.objectContaining({ state: 'RECEIVED' })]);
  });

  it('answers a robot that fills in every field like anyone else, and keeps nothing', async () => {
    const human = await world.send({ email: 'human@example.com' }).expect(200);
    const robot = await world.send({ email: 'robot@example.com', more: 'buy' }).expect(200);
    expect(robot.text).toBe(human.text);
    expect(await world.signups()).toHaveLength(1);
  });

  it('makes links from the configured address, whatever the Host header says (threat 15)', async () => {
    await world
      .send({ email: 'host@example.com' })
      .set({ Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' })
      .expect(200);
    await world.settle();
    const [mail] = world.provider.to('host@example.com');
    expect(mail!.html).toContain(`${PUBLIC_URL}/confirm/`);
    expect(`${mail!.html}${mail!.text}`).not.toContain('evil.example');
    const page = await world.http.get('/signup/nyhetsbrev').set('Host', 'evil.example');
    expect(page.text).not.toContain('evil.example');
  });

  it('may stand on another site, and can be posted from there', async () => {
    const { body } = await world.http.get(`/api/v1/signup-forms/${world.formId}`).expect(200);
    expect(body.embed.sv).toContain(`action="${PUBLIC_URL}/signup/nyhetsbrev"`);
    expect(body.embed.sv).not.toMatch(/<script|checked/);
    const seen = /name="seen" value="([^"]+)"/.exec(body.embed.sv)![1]!;
    await world
      .send({ email: 'embedded@example.com', seen })
      .set({ Origin: 'https://blog.example', 'Sec-Fetch-Site': 'cross-site' })
      .expect(200, /Kolla din inkorg/);
  });

  it('is unknown when it does not exist, is closed, or has no topic left', async () => {
    await world.http.get('/signup/annat').expect(404);
    await world.changeForm({ closed: true });
    await world.http.get('/signup/nyhetsbrev').expect(404);
    await world.send({ email: 'a@example.com', seen: 'x' }).expect(404);
    await world.changeForm({ closed: false });
    await world.http.get('/signup/nyhetsbrev').expect(200);
  });

  it('stands on the front page, with the way out beside it', async () => {
    const { text } = await world.http.get('/').expect(200);
    expect(text).toContain('action="/signup/nyhetsbrev"');
    expect(text).toContain('href="/avsluta"');
    expect(text).not.toContain('/dev/mailbox');
    expect((await world.http.get('/?lang=en')).text).toContain('<html lang="en">');
  });
});
