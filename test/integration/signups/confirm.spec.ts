import { randomBytes } from 'node:crypto';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { ServiceMail } from '../../../src/features/service-mail/service-mail.service';
import { SYSTEM } from '../../../src/platform/http/actor';
import { openSignups, type SignupsWorld } from './signups-world';

const ANNA = 'anna@example.com';

describe('confirming a sign-up', () => {
  let world: SignupsWorld;
  beforeAll(async () => (world = await openSignups()));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const sayNo = (email: string) =>
    world.app.get(OptOuts).byAddress('email', email, { door: 'manual_form', actor: SYSTEM });

  async function signUp(email = ANNA, topic = [world.news]): Promise<string> {
    await world.send({ email, topic }).expect(200);
    await world.settle();
    return world.linkTo(email);
  }

  it('is pending, and no permission, until the button behind the link is pressed (L-17)', async () => {
    await signUp();
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [], pending: [world.news] });
    const [row] = await world.db.query<{ n: number }>('SELECT count(*) AS n FROM contact');
    expect(row!.n).toBe(0);
  });

  it('is not confirmed by a scanner that opens the link ten times, nor by HEAD or OPTIONS (L-17, threat 12)', async () => {
    const link = await signUp();
    const before = [await world.signups(), await world.ledger(), await world.gate(ANNA)];
    for (let n = 0; n < 10; n += 1) {
      const { text, headers } = await world.http.get(link).expect(200);
      expect(text).toContain('Bekräfta din anmälan');
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(text).not.toMatch(/<script|onload|http-equiv/);
    }
    await world.http.head(link).expect(200);
    await world.http.options(link);
    expect([await world.signups(), await world.ledger(), await world.gate(ANNA)]).toEqual(before);
    expect(world.provider.calls).toHaveLength(1);
  });

  it('shows a masked address and the topics, and nothing else of anyone (P-72)', async () => {
    const { text } = await world.http.get(await signUp());
    expect(text).toContain('a•••@e•••.com');
    expect(text).not.toContain(ANNA);
    expect(text).toContain('<li>Nyhetsbrev</li>');
    expect(text).not.toContain('Kurstips');
  });

  it('gives the consent with its evidence, and a contact that holds the address only (L-16, D-04)', async () => {
    const link = await signUp();
    const { text } = await world.http.post(link).expect(200);
    expect(text).toContain('Välkommen');
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [world.news], pending: [] });
    const [signup] = await world.signups();
    expect(signup).toMatchObject({
      state: 'CONFIRMED',
      email: null,
      confirmed_at: expect.any(Date),
    });
    const [contact] = await world.db.query<Record<string, unknown>>(
      `SELECT c.*, a.value, a.source FROM contact c JOIN address a ON a.contact_id = c.id`,
    );
    expect(contact).toMatchObject({
      kinds: ['newsletter_subscriber'],
      first_name: null,
      organisation_id: null,
      value: ANNA,
      source: 'newsletter_form',
      notice_version: '2018-04-05',
    });
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: 'grant',
      ground: 'CONSENT',
      door: 'double_opt_in',
      method: 'double_opt_in_post',
      topic_id: world.news,
      contact_id: contact!.id,
      wording_version: signup!.wording_version,
      evidence: { signupId: signup!.id, askedAt: (signup!.created_at as Date).toISOString() },
    });
    expect(JSON.stringify(await world.ledger())).not.toContain('anna');
  });

  it('happens once, however often and however fast the button is pressed', async () => {
    const link = await signUp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.http.post(link)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    await world.settle();
    const grants = (await world.ledger()).filter(({ kind }) => kind === 'grant');
    expect(grants).toHaveLength(1);
    expect(world.provider.to(ANNA)).toHaveLength(2);
  });

  it('welcomes with a mail that says how to stop before anything else is sent (L-11)', async () => {
    const link = await signUp();
    await world.http.post(link);
    await world.settle();
    const [, welcome] = world.provider.to(ANNA);
    const token = /\/u\/([\w-]{22})/.exec(welcome!.text)![1]!;
    expect(welcome!.html).toContain(`/preferences/${token}`);
    expect(welcome!.content.kind).toBe('service');
    const receipt = await world.app.get(OptOuts).byToken(token, { detail: 'form' });
    expect(receipt).toMatchObject({ recorded: true, scope: 'all' });
    expect(await world.gate(ANNA)).toMatchObject({ no_all: true, allowed: [] });
  });

  it('sends no welcome before the confirmation (threat 16)', async () => {
    await signUp();
    await world.settle();
    expect(world.provider.calls.map(({ content }) => content.kind)).toEqual(['service']);
    expect(world.provider.calls[0]!.text).not.toMatch(/Välkommen/);
  });

  it('lets the mail itself carry a no for whoever never asked', async () => {
    await signUp();
    const [mail] = world.provider.to(ANNA);
    const token = /\/u\/([\w-]{22})/.exec(mail!.text)![1]!;
    await world.app.get(OptOuts).byToken(token, { detail: 'form' });
    expect(await world.gate(ANNA)).toMatchObject({ no_all: true, pending: [] });
  });

  it('leaves an objection standing while pending, and lifts it by the confirmed press alone (F-47, F-48)', async () => {
    await world.subscribe(ANNA);
    await sayNo(ANNA);
    await world.pass('2 days');
    const link = await signUp(ANNA, [world.tips]);
    expect(await world.gate(ANNA)).toMatchObject({ no_all: true, allowed: [] });
    await world.http.post(link).expect(200, /Välkommen/);
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [world.tips] });
    const kinds = (await world.ledger()).map(({ kind }) => kind);
    expect(kinds).toEqual(['grant_pending', 'grant', 'opt_out', 'grant_pending', 'grant']);
  });

  it('says the truth when the same link is pressed after a later no (F-49)', async () => {
    const link = await signUp();
    await world.http.post(link).expect(200, /Välkommen/);
    await sayNo(ANNA);
    const { text } = await world.http.post(link).expect(200);
    expect(text).toContain('Du får inga utskick');
    expect(text).not.toContain('Välkommen');
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [] });
  });

  it('says the truth when something else holds the mails back (F-49)', async () => {
    const link = await signUp();
    await world.http.post(link);
    await world.db.query(`UPDATE gate SET paused_until = now() + interval '1 day'`);
    const { text } = await world.http.get(link).expect(200);
    expect(text).toContain('just nu skickar vi ingenting');
  });

  it('adds the subscription to the person who has the address already, and reveals nothing of them', async () => {
    await world.subscribe(ANNA);
    await world.db.query(`UPDATE contact SET first_name = 'Hemlig', kinds = '{learner}'`);
    await world.pass('2 days');
    const link = await signUp(ANNA, [world.tips]);
    const { text } = await world.http.post(link);
    expect(text).not.toContain('Hemlig');
    const rows = await world.db.query('SELECT kinds, first_name FROM contact');
    expect(rows).toEqual([{ kinds: ['learner', 'newsletter_subscriber'], first_name: 'Hemlig' }]);
    expect(await world.gate(ANNA)).toMatchObject({
      allowed: [world.news, world.tips].sort(),
    });
  });

  it('ends after seven days: the address is forgotten, and the page offers the form', async () => {
    const link = await signUp();
    await world.pass('7 days 1 minute');
    await world.sweep();
    expect(await world.signups()).toEqual([
      expect.objectContaining({ state: 'EXPIRED', email: null }),
    ]);
    for (const answer of [await world.http.get(link), await world.http.post(link)]) {
      expect(answer.status).toBe(410);
      expect(answer.text).toContain('Länken har gått ut');
      expect(answer.text).toContain('action="/signup/nyhetsbrev"');
    }
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [] });
  });

  it('does not know a token that is forged, cut off or of another kind (threat 10, 11)', async () => {
    const link = await signUp();
    const optOut = /\/u\/([\w-]{22})/.exec(world.provider.to(ANNA)[0]!.text)![1]!;
    for (const path of [link.slice(0, -1), `${link}x`, '/confirm/x', `/confirm/${optOut}`]) {
      await world.http.post(path).expect(404, /Länken känns inte igen/);
    }
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [] });
  });

  it('is refused to a page of another site (threat 13)', async () => {
    const link = await signUp();
    await world.http.post(link).set('Sec-Fetch-Site', 'cross-site').expect(403);
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [] });
    await world.http
      .post(link)
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .expect(200);
  });

  it('P-60: is guessed no further by who has tried sixty, and stays open to who has a link', async () => {
    const link = await signUp();
    const from = { 'X-Forwarded-For': '203.0.113.7' };
    const guess = () => `/confirm/${randomBytes(16).toString('base64url')}`;
    const statuses: number[] = [];
    for (let n = 0; n < 31; n += 1) {
      statuses.push((await world.http.get(guess()).set(from)).status);
      statuses.push((await world.http.post(guess()).set(from)).status);
    }
    expect(statuses).toEqual([...Array<number>(60).fill(404), 429, 429]);
    await world.http.get(link).set(from).expect(200);
    await world.http
      .post(link)
      .set(from)
      .expect(200, /Välkommen/);
  });

  it('keeps the consent when the welcome cannot be queued twice', async () => {
    const link = await signUp();
    const [signup] = await world.signups();
    await world.db.tx((tx) =>
      world.app.get(ServiceMail).queue(tx, {
        template: 'welcome',
        language: 'sv',
        to: ANNA,
        addressKey: world.keyOf(ANNA),
        data: { topics: 'x', unsubscribeUrl: 'x', preferencesUrl: 'x' },
        idempotencyKey: `welcome:${signup!.id as string}`,
      }),
    );
    await world.http.post(link).expect(200, /Välkommen/);
  });

  it('lets someone whose data was erased begin anew, once they ask for it themselves', async () => {
    await world.subscribe(ANNA);
    await world.erase(ANNA);
    expect(await world.gate(ANNA)).toMatchObject({ erased: true, allowed: [] });
    await world.pass('31 days');
    const link = await signUp();
    expect(await world.gate(ANNA)).toMatchObject({ erased: true });
    await world.http.post(link).expect(200, /Välkommen/);
    expect(await world.gate(ANNA)).toMatchObject({ erased: false, allowed: [world.news] });
  });
});
