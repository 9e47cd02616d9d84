import type { Browser } from 'playwright-core';
import { Demo } from '../../src/processes/demo/demo';
import { OpenIdProvider } from '../setup/open-id-provider';
import { Service, until } from '../setup/service';
import { faults, openBrowser, overflow, Visitor } from './browser';

const SESSION = 'utskick-mina-sidor';
const NARROW = { width: 320, height: 640 };

/** What the person of the settings page gets, as the API tells it. */
const choices = () => ({
  language: 'sv',
  person: { firstName: 'Magnus' },
  addresses: [],
  topics: [
    {
      key: 'kurstips',
      name: 'Kurstips <b>',
      description: 'Några korta kurser.',
      channels: { email: { on: true, since: null, door: null }, sms: null },
    },
    {
      key: 'erbjudanden',
      name: 'Erbjudanden',
      description: '',
      channels: {
        email: { on: false, since: '2026-03-02T09:00:00.000Z', door: 'link' },
        sms: { on: false, since: null, door: null },
      },
    },
  ],
  everythingOff: null as object | null,
  pausedUntil: null,
  fewer: false,
  consentText: 'När du slår på något samtycker du till att vi skickar det.',
});

interface Change {
  topics?: { key: string; channel: 'email' | 'sms'; on: boolean }[];
  everythingOff?: true;
}

describe('in a browser, Mina sidor', () => {
  let provider: OpenIdProvider;
  let service: Service;
  let browser: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    provider = await OpenIdProvider.start();
    // The demo's portal publishes its keys at PUBLIC_URL, which only the browser is led from.
    service = await Service.open({ ...provider.settings, DEMO: 'true' });
    await service.get(Demo).load();
    browser = await openBrowser(service);
  }, 180_000);
  afterAll(async () => {
    for (const visitor of visitors) await visitor.leave();
    await browser?.close();
    await service?.close();
    await provider?.stop();
  });

  async function arrive(options = {}) {
    const visitor = await Visitor.arrive(browser, service, options);
    visitors.push(visitor);
    return visitor;
  }
  const session = async ({ context }: Visitor) =>
    (await context.cookies()).find(({ name }) => name === SESSION);

  it('is reached by the OpenID provider, though our pages may post to nobody else', async () => {
    provider.loggedIn = { sub: 'norrtallenstra-001' };
    const visitor = await arrive({ javaScriptEnabled: false });
    await visitor.open('/mina-sidor/login');
    await visitor.page.click('text=Logga in med mitt konto');
    await visitor.page.waitForURL(/\/mina-sidor$/);
    const cookie = await session(visitor);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(visitor.asked.filter((url) => url.startsWith(provider.issuer))).toHaveLength(1);
  });

  it('is reached by a mailed link, without a mouse', async () => {
    const visitor = await arrive({ javaScriptEnabled: false });
    await visitor.open('/mina-sidor/login');
    const { keyboard } = visitor.page;
    await visitor.page.focus('#email');
    await keyboard.type('magnus.agren@norrtallenstra.example');
    await keyboard.press('Enter');
    await visitor.page.waitForSelector('[role=status]');
    const mails = () => service.mailbox('magnus.agren@norrtallenstra.example');
    const linkIn = (text: string) => /\/mina-sidor\/link\/[\w-]{43}/.exec(text)?.[0];
    await until(async () => (await mails()).some(({ text }) => linkIn(text)));
    const [link] = (await mails()).flatMap(({ text }) => linkIn(text) ?? []);
    await visitor.open(link!);
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await visitor.page.waitForURL(/\/mina-sidor$/);
    expect(await session(visitor)).toBeDefined();
  });

  describe("on the portal's page", () => {
    let visitor: Visitor;
    let state: ReturnType<typeof choices>;
    let tokens: string[];
    let fails: boolean;

    beforeEach(async () => {
      visitor = await arrive();
      state = choices();
      tokens = [];
      fails = false;
      await visitor.page.route('**/api/v1/me/preferences', async (route) => {
        tokens.push(route.request().headers().authorization!);
        if (fails) return route.fulfill({ status: 503, json: { code: 'database_unavailable' } });
        if (route.request().method() === 'PUT') {
          const { topics = [], everythingOff } = route.request().postDataJSON() as Change;
          for (const { key, channel, on } of topics) {
            state.topics.find((topic) => topic.key === key)!.channels[channel]!.on = on;
          }
          if (everythingOff) state.everythingOff = { since: null, door: 'mina_sidor' };
        }
        return route.fulfill({ json: state });
      });
      await visitor.open('/dev/portal/settings');
      await visitor.page.waitForSelector('#utskick legend');
    });

    const checked = () =>
      visitor.page.$$eval('#utskick input', (boxes) =>
        boxes.map((box) => [box.id, (box as unknown as { checked: boolean }).checked]),
      );
    const said = (words: string) =>
      until(
        async () => (await visitor.page.textContent('#utskick [role=status]')) === words,
        10,
        words,
      );

    it('shows what is on, in text and never as markup, each call with a token of its own', async () => {
      expect(await checked()).toEqual([
        ['utskick-email-kurstips', true],
        ['utskick-email-erbjudanden', false],
        ['utskick-sms-erbjudanden', false],
      ]);
      expect(await visitor.page.textContent('#utskick legend')).toBe('Kurstips <b>');
      const words = await visitor.page.textContent('#utskick');
      expect(words).toContain('av sedan 2026-03-02');
      expect(words).toContain(state.consentText);
      await visitor.page.check('#utskick-sms-erbjudanden');
      await said('Sparat.');
      expect(new Set(tokens).size).toBe(2);
      expect(visitor.asked.join()).not.toContain('eyJ');
    });

    it('changes one thing at a time, by keyboard, and keeps its place', async () => {
      await visitor.page.focus('#utskick-email-kurstips');
      await visitor.page.keyboard.press('Space');
      await said('Sparat.');
      expect((await checked())[0]).toEqual(['utskick-email-kurstips', false]);
      expect(await visitor.page.evaluate('document.activeElement.id')).toBe(
        'utskick-email-kurstips',
      );
      await visitor.page.click('text=Stäng av all marknadsföring');
      await said('Sparat.');
      expect(await visitor.page.textContent('#utskick')).toContain('är avstängd');
    });

    it('says that nothing has changed when nothing has', async () => {
      fails = true;
      await visitor.page.click('#utskick-email-kurstips');
      await said('Det gick inte, och inget är ändrat. Försök igen om en stund.');
      expect((await checked())[0]).toEqual(['utskick-email-kurstips', true]);
    });

    it('gives axe-core nothing to say, and fits a narrow window', async () => {
      expect(await faults(visitor.page)).toEqual([]);
      await visitor.page.setViewportSize(NARROW);
      expect(await overflow(visitor.page)).toBe(0);
      await visitor.open('/dev/portal');
      expect(await faults(visitor.page)).toEqual([]);
      expect(await overflow(visitor.page)).toBe(0);
    });
  });
});
