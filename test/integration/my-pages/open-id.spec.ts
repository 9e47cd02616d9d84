import { OpenIdProvider, type OpenIdClaims } from '../../setup/open-id-provider';
import { cookieOf, setCookie } from '../../setup/cookies';
import { openLearnerWorld, PUBLIC_URL, type LearnerWorld } from './learner-world';

const ATTEMPT = '__Host-utskick-oidc';

describe('log-in by an OpenID provider', () => {
  let provider: OpenIdProvider;
  let world: LearnerWorld;
  let lisa: string;

  beforeAll(async () => {
    provider = await OpenIdProvider.start();
    world = await openLearnerWorld(provider.settings);
    lisa = await world.add({ email: 'lisa@example.com', externalId: 'op-lisa', firstName: 'Lisa' });
  });
  afterAll(async () => {
    await world.close();
    await provider.stop();
  });
  beforeEach(() => {
    provider.away = false;
    provider.emailApart = false;
  });

  /** A browser that is sent to the provider. */
  async function begin() {
    const answer = await world.http.post('/mina-sidor/oidc').expect(200);
    const url = /^0;url=(.*)$/.exec(answer.headers.refresh as string)![1]!;
    return { answer, url, cookie: cookieOf(answer) };
  }
  const comeBack = (query: string, cookie: string) =>
    world.http.get(`/mina-sidor/oidc/callback${query}`).set('Cookie', cookie).accept('html');

  async function logIn(person: OpenIdClaims) {
    const { url, cookie } = await begin();
    return comeBack(provider.authorize(url, person), cookie);
  }
  const whoIs = async (answer: Awaited<ReturnType<typeof logIn>>) => {
    const session = setCookie(answer).match(/__Host-utskick-mina-sidor=[\w-]{43}/)?.[0];
    if (!session) return null;
    return (await world.withCookie(session).expect(200)).body as unknown;
  };

  it('sends the browser on with state, nonce and a challenge, and keeps nothing', async () => {
    const { answer, url, cookie } = await begin();
    const asked = new URL(url);
    expect(asked.origin).toBe(provider.issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'utskick',
      response_type: 'code',
      scope: 'openid email',
      redirect_uri: `${PUBLIC_URL}/mina-sidor/oidc/callback`,
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    }
    expect(url).not.toContain(cookie.split('=')[1]!);
    expect(setCookie(answer)).toMatch(new RegExp(`^${ATTEMPT}=[\\w-]{43}; Max-Age=600; Path=/;`));
    expect(setCookie(answer)).toContain('; HttpOnly; Secure; SameSite=Lax');
    expect(answer.text).toContain('Fortsätt till inloggningen');
    expect(await world.count('spent_token')).toBe(0);
  });

  it('lets in whom the provider knows by the id we share', async () => {
    const answer = await logIn({ sub: 'op-lisa' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/mina-sidor']);
    expect(await whoIs(answer)).toMatchObject({ contactId: lisa, via: 'oidc', mailbox: null });
    expect(setCookie(answer)).toContain(`${ATTEMPT}=;`);
  });

  it('P-14: takes the id for no proof of a mailbox, whatever address comes with it', async () => {
    const answer = await logIn({ sub: 'op-lisa', email: 'lisa@example.com', email_verified: true });
    expect(await whoIs(answer)).toMatchObject({ contactId: lisa, mailbox: null });
  });

  it.each([false, true])(
    'lets in by an address that the provider has verified (apart: %s)',
    async (apart) => {
      provider.emailApart = apart;
      const answer = await logIn({ sub: 'x', email: 'LISA@example.com', email_verified: true });
      const mailbox = world.mailbox('lisa@example.com');
      expect(await whoIs(answer)).toMatchObject({ contactId: lisa, mailbox });
    },
  );

  it.each<[string, OpenIdClaims]>([
    ['nobody we know (F-63)', { sub: 'x', email: 'okand@example.com', email_verified: true }],
    ['an address that is not verified', { sub: 'x', email: 'lisa@example.com' }],
    [
      'an address said to be another’s',
      { sub: 'x', email: 'lisa@example.com', email_verified: false },
    ],
    ['no address', { sub: 'x' }],
    ['somebody, with the nonce of another log-in', { sub: 'op-lisa', nonce: 'another' }],
    ['somebody, in a statement for another service', { sub: 'op-lisa', aud: 'another' }],
  ])('lets nobody in for %s, and says nothing of why', async (_, person) => {
    const answer = await logIn(person);
    expect(answer.status).toBe(403);
    expect(await whoIs(answer)).toBeNull();
    expect(answer.text).toContain('Det gick inte att logga in dig');
    expect(answer.text).not.toMatch(/Lisa|lisa@/);
  });

  it('lets nobody in by an address that several have', async () => {
    const email = 'tva@example.com';
    for (const externalId of ['tva-1', 'tva-2']) {
      await world.add({ email, kind: 'company_contact', externalId });
    }
    expect((await logIn({ sub: 'x', email, email_verified: true })).status).toBe(403);
  });

  it.each(['restrict', 'erase'] as const)('lets nobody in after: %s', async (kind) => {
    const id = await world.add({ email: `${kind}@example.com`, externalId: `op-${kind}` });
    await world.act(kind, id);
    expect((await logIn({ sub: `op-${kind}` })).status).toBe(403);
  });

  it('counts once: the same answer opens nothing a second time', async () => {
    const { url, cookie } = await begin();
    const query = provider.authorize(url, { sub: 'op-lisa' });
    await comeBack(query, cookie).expect(303);
    await comeBack(query, cookie).expect(403);
    await comeBack(provider.authorize(url, { sub: 'op-lisa' }), cookie).expect(403);
  });

  it('counts in the browser that began it: an answer given to another opens nothing there', async () => {
    const mine = await begin();
    const theirs = await begin();
    const query = provider.authorize(theirs.url, { sub: 'op-lisa' });
    await comeBack(query, mine.cookie).expect(403);
    await comeBack(query, '').expect(403);
    await comeBack(query, `${ATTEMPT}=${'A'.repeat(43)}`).expect(403);
    await comeBack(query, theirs.cookie).expect(303);
  });

  it('counts for ten minutes', async () => {
    const { url, cookie } = await begin();
    const query = provider.authorize(url, { sub: 'op-lisa' });
    world.clock.pass({ minutes: 10 });
    await comeBack(query, cookie).expect(403);
  });

  it.each([
    '',
    '?error=access_denied',
    '?code=made-up',
    '?state=x&code=y',
    '?code=a&code=b&state=%00',
  ])('is refused when the provider says: %s', async (query) => {
    const { url, cookie } = await begin();
    const state =
      query.startsWith('?error') || query === '?code=made-up'
        ? `&state=${new URL(url).searchParams.get('state')}`
        : '';
    await comeBack(query + state, cookie).expect(403);
  });

  it('says so when the provider is away, in plain words, and asks anew when it is back', async () => {
    const { url, cookie } = await begin();
    const query = provider.authorize(url, { sub: 'op-lisa' });
    provider.away = true;
    expect((await comeBack(query, cookie).expect(503)).text).toContain('Det gick inte just nu');
    world.clock.pass({ minutes: 61 });
    const answer = await world.http.post('/mina-sidor/oidc').accept('html').expect(503);
    expect(answer.text).toContain('Felet är vårt');
    expect(setCookie(answer)).toBe('');
    provider.away = false;
    expect((await logIn({ sub: 'op-lisa' })).status).toBe(303);
  });

  it('asks the provider for its addresses once an hour', async () => {
    await begin();
    const before = provider.discoveries;
    await begin();
    expect(provider.discoveries).toBe(before);
  });
});

describe('without a provider', () => {
  it('there is no such log-in, and the page offers none', async () => {
    const world = await openLearnerWorld();
    await world.http.post('/mina-sidor/oidc').expect(404);
    const { text } = await world.http.get('/mina-sidor/login').expect(200);
    expect(text).not.toContain('/mina-sidor/oidc');
    await world.close();
  });
});
