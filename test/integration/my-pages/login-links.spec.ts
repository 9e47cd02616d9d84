import { SweepLearnerLogIns } from '../../../src/features/my-pages/log-in/sweep-learner-log-ins';
import { cookieOf, setCookie } from '../../setup/cookies';
import { openLearnerWorld, type LearnerWorld } from './learner-world';

describe('a mailed link', () => {
  let world: LearnerWorld;
  let count = 0;

  beforeAll(async () => (world = await openLearnerWorld()));
  afterAll(() => world.close());

  /** Somebody new, with the link that was mailed. */
  async function mailed(person: { firstName?: string } = {}) {
    const email = `person${(count += 1)}@example.com`;
    const contactId = await world.add({ email, ...person });
    await world.askForLink(email).expect(200);
    const [link] = await world.linksTo(email);
    return { email, contactId, link: link! };
  }

  it('logs its reader in, once (L-15)', async () => {
    const { contactId, email, link } = await mailed();
    const answer = await world.http.post(link).expect(303);
    expect(answer.headers.location).toBe('/mina-sidor');
    const { body } = await world.withCookie(cookieOf(answer)).expect(200);
    expect(body).toMatchObject({ contactId, via: 'link', mailbox: world.mailbox(email) });
    const again = await world.http.post(link).expect(410);
    expect(setCookie(again)).toBe('');
  });

  it('logs one in of many who press at the same moment', async () => {
    const { link } = await mailed();
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.http.post(link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(410)]);
  });

  it('is changed by nobody who only looks: scanners open it, and it still works (P-13)', async () => {
    const { link } = await mailed({ firstName: 'Hemlig' });
    const before = await world.count('learner_session');
    for (let n = 0; n < 5; n++) {
      const { text } = await world.http.get(link).expect(200);
      expect(text).toContain('Logga in</button>');
      expect(text).not.toContain('Hemlig');
    }
    await world.http.head(link).expect(200);
    expect(await world.count('learner_session')).toBe(before);
    await world.http.post(link).expect(303);
  });

  it('is dead after fifteen minutes, and swept', async () => {
    const { link } = await mailed();
    world.clock.pass({ minutes: 15 });
    expect((await world.http.get(link).expect(410)).text).toContain('Länken gäller inte längre');
    await world.http.post(link).expect(410);
    await world.app.get(SweepLearnerLogIns).run();
    expect(await world.count('login_link')).toBe(0);
  });

  it.each([
    ['made up', 'A'.repeat(43)],
    ['short', 'x'],
    ['no text', '%00'],
    ['endless', 'a'.repeat(3000)],
  ])('is no other word: %s', async (_, token) => {
    await world.http.post(`/mina-sidor/link/${token}`).expect(410);
  });

  it('stands in the database by its hash alone', async () => {
    const { link } = await mailed();
    const token = link.split('/').at(-1)!;
    const rows = await world.db.query('SELECT row_to_json(login_link)::text FROM login_link');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex'));
  });

  it('is mailed to known addresses only, and the page says the same to all, in the same time (F-63)', async () => {
    const { email } = await mailed();
    const answers = [];
    for (const to of [email, 'okand@example.com']) {
      const start = performance.now();
      const { text, status } = await world.askForLink(to);
      const took = performance.now() - start;
      answers.push({ text, status, inTime: took > 240 });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 200, inTime: true });
    expect(await world.linksTo('okand@example.com')).toEqual([]);
    expect(await world.linksTo(email)).toHaveLength(2);
  });

  it.each(['restrict', 'erase'] as const)('is mailed to nobody after: %s', async (kind) => {
    const { email, contactId, link } = await mailed();
    await world.act(kind, contactId);
    await world.askForLink(email).expect(200);
    expect(await world.linksTo(email)).toHaveLength(1);
    // The one that was mailed before is dead with them.
    expect(setCookie(await world.http.post(link).expect(410))).toBe('');
  });

  it('leads to the contact that was kept, when two were merged since', async () => {
    const { contactId, link } = await mailed();
    const kept = await world.add({ email: `kvar${count}@example.com` });
    await world.merge(kept, contactId);
    const answer = await world.http.post(link).expect(303);
    const { body } = await world.withCookie(cookieOf(answer)).expect(200);
    expect(body.contactId).toBe(kept);
  });

  it('fills no inbox: five an hour, however many ask, and from wherever', async () => {
    const { email } = await mailed();
    for (let n = 0; n < 6; n++) await world.askForLink(email).expect(200);
    expect(await world.linksTo(email)).toHaveLength(5);
  });

  it('may be asked for five times an hour from one network, known or not', async () => {
    for (const email of ['okand2@example.com', (await mailed()).email]) {
      for (let n = 0; n < 5; n++) await world.askForLink(email, '203.0.113.9').expect(200);
      const { headers } = await world.askForLink(email, '203.0.113.9').expect(429);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it.each(['', 'hej', 'a@b'])('needs an address: not %j', async (email) => {
    const { text } = await world.askForLink(email).expect(422);
    expect(text).toContain('aria-invalid="true"');
  });

  it('goes to the address as it is stored, in the language of its person', async () => {
    await world.add({ email: 'Eva.Ek@example.com', language: 'en' });
    await world.askForLink('eva.ek@EXAMPLE.com').expect(200);
    const rows = await world.db.query(
      `SELECT to_address, language, template FROM service_message WHERE to_address ILIKE 'eva.ek@example.com'`,
    );
    expect(rows).toEqual([
      { to_address: 'Eva.Ek@example.com', language: 'en', template: 'login-link' },
    ]);
  });

  it('logs in the learner of several people at one address, else the one known longest', async () => {
    const email = 'delad@example.com';
    const first = await world.add({ email, kind: 'company_contact', externalId: 'delad-1' });
    await world.add({ email, kind: 'company_contact', externalId: 'delad-2' });
    const who = async () => (await world.withCookie(await world.logIn(email))).body.contactId;
    expect(await who()).toBe(first);
    const learner = await world.add({ email, externalId: 'delad-3' });
    expect(await who()).toBe(learner);
  });
});
