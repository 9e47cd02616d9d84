import { createHmac, createPublicKey } from 'node:crypto';
import { SweepLearnerLogIns } from '../../../src/features/my-pages/log-in/sweep-learner-log-ins';
import { Portal, type Claims } from '../../setup/portal';
import { cookieOf, setCookie } from '../../setup/cookies';
import { openLearnerWorld, type LearnerWorld } from './learner-world';

type Key = Awaited<ReturnType<Portal['addKey']>>;

describe("the portal's token", () => {
  let portal: Portal;
  let world: LearnerWorld;
  let key: Key;
  let stine: string;
  const others = new Map<string, Key>();

  beforeAll(async () => {
    portal = await Portal.start();
    key = await portal.addKey('k-1');
    for (const alg of ['RS256', 'EdDSA']) others.set(alg, await portal.addKey(`k-${alg}`, alg));
    world = await openLearnerWorld(portal.settings);
    portal.now = () => world.clock.now();
    stine = await world.add({ email: 'stine@example.com', externalId: 'p-1', firstName: 'Stine' });
  });
  afterAll(async () => {
    await world.close();
    await portal.stop();
  });

  const seconds = (ahead: number) => Math.floor(world.clock.now().getTime() / 1000) + ahead;
  const token = (claims: Claims = {}, by = key) => portal.sign(by, { sub: 'p-1', ...claims });
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bodyOf = async () => (await token()).split('.')[1]!;

  it('lets its person in, for one call, by the id that the portal and we share', async () => {
    const { body } = await world.withToken(await token()).expect(200);
    expect(body).toEqual({ contactId: stine, via: 'token', sessionId: null, mailbox: null });
  });

  it.each(['RS256', 'EdDSA'])('may be signed by %s, too', async (alg) => {
    await world.withToken(await token({}, others.get(alg)!)).expect(200);
  });

  it('counts once, also when it comes many times at the same moment', async () => {
    const one = await token();
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.withToken(one)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
    await world.withToken(one).expect(401);
  });

  it('is remembered by its hash until it would be too old, and then forgotten', async () => {
    const one = await token({ jti: 'a-name-that-tells', exp: seconds(60) });
    await world.withToken(one).expect(200);
    const rows = await world.db.query<{ row: string }>(
      'SELECT row_to_json(spent_token)::text AS row FROM spent_token',
    );
    expect(JSON.stringify(rows)).not.toContain('a-name-that-tells');
    await world.app.get(SweepLearnerLogIns).run();
    await world.withToken(one).expect(401);
    world.clock.pass({ minutes: 10 });
    await world.app.get(SweepLearnerLogIns).run();
    expect(await world.count('spent_token')).toBe(0);
    await world.withToken(one).expect(401);
  });

  it.each<[string, () => Claims]>([
    ['expired', () => ({ iat: seconds(-120), exp: seconds(-6) })],
    ['signed tomorrow', () => ({ iat: seconds(60), exp: seconds(120) })],
    ['not yet valid', () => ({ nbf: seconds(30) })],
    ['made to live for longer than five minutes', () => ({ exp: seconds(301) })],
    ['old, with a long life', () => ({ iat: seconds(-3600), exp: seconds(60) })],
    ['without an end', () => ({ exp: undefined })],
    ['without a beginning', () => ({ iat: undefined })],
    ['without an id', () => ({ jti: undefined })],
    ['with an id that is none', () => ({ jti: 7 })],
    ['with an empty id', () => ({ jti: '' })],
    ['with an endless id', () => ({ jti: 'x'.repeat(201) })],
    ['with a subject that no database holds', () => ({ sub: 'p\0' })],
    ['for nobody', () => ({ sub: undefined })],
    ['for another service', () => ({ aud: 'another' })],
    ['for no service', () => ({ aud: undefined })],
    ["another issuer's", () => ({ iss: 'https://evil.example' })],
    ["nobody's", () => ({ iss: undefined })],
    ['for somebody unknown (F-62, F-63)', () => ({ sub: 'p-unknown' })],
  ])('is refused without a word of why when it is %s', async (_, claims) => {
    const { body, headers } = await world.withToken(await token(claims())).expect(401);
    expect(body).toEqual(refusal);
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  const refusal = {
    type: 'about:blank',
    title: 'not_signed_in',
    status: 401,
    code: 'not_signed_in',
  };

  it('is refused when another key signed it, under our key’s name', async () => {
    const forger = await portal.addKey('k-1', 'ES256', false);
    await world.withToken(await token({}, forger)).expect(401, refusal);
  });

  it('is refused when its words were changed', async () => {
    const [head, body, signature] = (await token()).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
    const changed = `${head}.${base64({ ...claims, sub: 'p-2' })}.${signature}`;
    await world.withToken(changed).expect(401, refusal);
  });

  it.each(['none', 'None', 'NONE'])('is refused unsigned (alg %s)', async (alg) => {
    await world.withToken(`${base64({ alg })}.${await bodyOf()}.`).expect(401, refusal);
  });

  it('is refused when the public key was used as a shared secret (HS256)', async () => {
    const pem = createPublicKey({ key: key.jwk as never, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    for (const secret of [pem, JSON.stringify(key.jwk), String(key.jwk.x)]) {
      const signed = `${base64({ alg: 'HS256', kid: 'k-1' })}.${await bodyOf()}`;
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      await world.withToken(`${signed}.${signature}`).expect(401, refusal);
    }
  });

  it.each(['', 'x', 'a.b.c', '..', 'utk_notatoken'])('is refused when it is none: %j', (junk) =>
    world.withToken(junk).expect(401),
  );

  it('leads to the contact that was kept, when two were merged', async () => {
    const gone = await world.add({ email: 'dubbel@example.com', externalId: 'p-old' });
    const kept = await world.add({ email: 'dubbel2@example.com', externalId: 'p-new' });
    await world.merge(kept, gone);
    const { body } = await world.withToken(await token({ sub: 'p-old' })).expect(200);
    expect(body.contactId).toBe(kept);
  });

  it.each(['restrict', 'erase'] as const)('is refused after: %s', async (kind) => {
    const sub = `p-${kind}`;
    const id = await world.add({ email: `${kind}@example.com`, externalId: sub });
    await world.withToken(await token({ sub })).expect(200);
    await world.act(kind, id);
    await world.withToken(await token({ sub })).expect(401, refusal);
  });

  describe('and its keys', () => {
    const later = (ms: number) =>
      jest.spyOn(Date, 'now').mockReturnValue(new Date().getTime() + ms);
    afterEach(() => jest.restoreAllMocks());

    it('change while it goes on: a new one is fetched when it is met, an old one is dead when it is gone', async () => {
      const next = await portal.addKey('k-next');
      later(30_000);
      await world.withToken(await token({}, next)).expect(200);
      await world.withToken(await token()).expect(200);
      portal.published.splice(portal.published.indexOf(next.jwk), 1);
      later(30_000 + 11 * 60_000);
      await world.withToken(await token({}, next)).expect(401);
      await world.withToken(await token()).expect(200);
    });

    it('are not asked for by every unknown one that somebody makes up', async () => {
      const forger = await portal.addKey('made-up', 'ES256', false);
      later(60 * 60_000);
      await world.withToken(await token()).expect(200);
      const before = portal.asked;
      for (let n = 0; n < 5; n++) await world.withToken(await token({}, forger)).expect(401);
      expect(portal.asked).toBe(before);
    });

    it('are missing while the portal is away: 503, and nobody gets in', async () => {
      later(2 * 60 * 60_000);
      portal.status = 500;
      const { body } = await world.withToken(await token()).expect(503);
      expect(body.code).toBe('learner_keys_unavailable');
      portal.status = 200;
      await world.withToken(await token()).expect(200);
    });
  });

  describe('posted by its page', () => {
    const post = (value: string, origin?: string) => {
      const asked = world.http.post('/mina-sidor/login').type('form').accept('html');
      return (origin ? asked.set('Origin', origin) : asked)
        .set('Sec-Fetch-Site', 'cross-site')
        .send({ token: value });
    };

    it('opens a session and goes on to Mina sidor, with no token in any address', async () => {
      const answer = await post(await token(), portal.origin).expect(303);
      expect(answer.headers.location).toBe('/mina-sidor');
      const { body } = await world.withCookie(cookieOf(answer)).expect(200);
      expect(body).toMatchObject({ contactId: stine, via: 'token', mailbox: null });
    });

    it('opens none a second time, and says nothing of whose it was', async () => {
      const one = await token();
      await post(one, portal.origin).expect(303);
      const answer = await post(one, portal.origin).expect(403);
      expect(setCookie(answer)).toBe('');
      expect(answer.text).toContain('Det gick inte att logga in dig');
      expect(answer.text).not.toMatch(/Stine|stine@/);
    });

    it.each([undefined, 'null', 'https://evil.example', `https://portal.example.evil.example`])(
      'opens none from the origin %s: nobody logs a visitor in as somebody else',
      async (origin) => {
        const one = await token();
        const answer = await post(one, origin).expect(403);
        expect(setCookie(answer)).toBe('');
        await post(one, portal.origin).expect(303);
      },
    );
  });
});

describe('without a portal', () => {
  it('a token opens nothing, and the answer says what is missing', async () => {
    const world = await openLearnerWorld();
    const { body } = await world.withToken('a.b.c').expect(503);
    expect(body.code).toBe('learner_login_not_configured');
    await world.http.get('/api/v1/who').expect(401);
    await world.close();
  });
});
