import type { Browser } from 'playwright-core';
import { OwnData } from '../../src/features/contacts/own-data';
import { MyPreferences } from '../../src/features/my-pages/choices/my-preferences';
import { learner } from '../setup/callers';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { World } from './world';

const LARGEST = 10 * 1024;
const NUMBER = '+46701740640';

interface Seen {
  name: string;
  status: number;
  bytes: number;
  asked: string[];
  cookies: string[];
  language: string;
  headings: number;
  words: string;
  tooWide: number[];
  accessibility: string[];
}

describe('Mina sidor in the browser', () => {
  let world: World;
  let browser: Browser;
  let contactId: string;

  beforeAll(async () => {
    world = await World.open();
    await world.mailTo(['elev@example.com'], 3);
    contactId = await idOf('elev@example.com');
    browser = await openBrowser(world.service);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function idOf(email: string): Promise<string> {
    const [row] = await world.service.db.query<{ id: string }>(
      'SELECT contact_id AS id FROM address WHERE value = $1',
      [email],
    );
    return row!.id;
  }
  /** Every line that a page can have: each topic turned on and off again, on both channels. */
  async function everySwitchTurned(id: string): Promise<void> {
    const { service } = world;
    await service.db.tx((tx) => service.get(OwnData).setNumber(tx, id, '+46701740643'));
    const topics = ['nyhetsbrev', 'kurstips', 'webbinarier'].flatMap((key) =>
      (['email', 'sms'] as const).map((channel) => ({ key, channel })),
    );
    for (const on of [true, false]) {
      const input = { topics: topics.map((topic) => ({ ...topic, on })) };
      await service.get(MyPreferences).change({ contactId: id }, input);
    }
  }
  async function arrive(id: string, options = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, world.service, options);
    const { headers } = await learner(world.service, id);
    const [name, ...value] = headers.cookie!.split('=');
    const cookie = { name: name!, value: value.join('='), url: world.service.env.PUBLIC_URL };
    await visitor.context.addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
    return visitor;
  }

  async function see(
    visitor: Visitor,
    name: string,
    path: string,
    fields?: Record<string, string>,
  ) {
    const { page, context } = visitor;
    visitor.asked.length = 0;
    const before = (await context.cookies()).length;
    const response = await visitor.open(path, fields);
    const seen: Seen = {
      name,
      status: response.status(),
      bytes: (await response.body()).length,
      asked: [...visitor.asked],
      cookies: (await context.cookies()).slice(before).map((cookie) => cookie.name),
      language: await page.evaluate<string>('document.documentElement.lang'),
      headings: await page.locator('h1').count(),
      words: (await page.textContent('main')) ?? '',
      tooWide: [],
      accessibility: await faults(page),
    };
    await page.emulateMedia({ colorScheme: 'dark' });
    seen.accessibility.push(...(await faults(page, ['color-contrast'])));
    await page.emulateMedia({ colorScheme: 'light' });
    for (const size of [
      { width: 320, height: 640 },
      { width: 640, height: 450 },
    ]) {
      await page.setViewportSize(size);
      seen.tooWide.push(await overflow(page));
    }
    await page.setViewportSize({ width: 390, height: 844 });
    return seen;
  }

  it('every page is small, in both languages, for everybody and on any telephone', async () => {
    const visitor = await arrive(contactId);
    const seen: Seen[] = [];
    for (const lang of ['sv', 'en']) {
      const at = (path: string) => `/mina-sidor${path}?lang=${lang}`;
      seen.push(await see(visitor, `${lang} choices`, at('')));
      seen.push(await see(visitor, `${lang} sent`, at('/skickat')));
      seen.push(await see(visitor, `${lang} known`, at('/uppgifter')));
      seen.push(await see(visitor, `${lang} phone`, at('/telefon')));
      const unreadable = { action: 'send', number: 'hej' };
      seen.push(await see(visitor, `${lang} no number`, at('/telefon'), unreadable));
    }
    await everySwitchTurned(contactId);
    seen.push(await see(visitor, 'sv every switch turned', '/mina-sidor?lang=sv'));
    const asked = { action: 'send', number: NUMBER };
    seen.push(await see(visitor, 'sv code', '/mina-sidor/telefon?lang=sv', asked));
    const wrong = { action: 'confirm', number: NUMBER, code: 'x' };
    seen.push(await see(visitor, 'sv wrong code', '/mina-sidor/telefon?lang=sv', wrong));
    const home = world.service.env.PUBLIC_URL;
    for (const { name, status, bytes, asked: requests, ...found } of seen) {
      expect([name, status]).toEqual([name, /no number|wrong/.test(name) ? 422 : 200]);
      expect([name, bytes < LARGEST || bytes]).toEqual([name, true]);
      expect([name, requests.length, requests[0]?.startsWith(home)]).toEqual([name, 1, true]);
      expect([name, found.accessibility]).toEqual([name, []]);
      expect([name, found.tooWide]).toEqual([name, [0, 0]]);
      expect([name, found.cookies]).toEqual([name, []]);
      expect([name, found.headings, found.language]).toEqual([name, 1, name.slice(0, 2)]);
      expect([name, found.words]).toEqual([
        name,
        expect.not.stringMatching(/my-pages:|\{\{|elev@/),
      ]);
    }
    await visitor.leave();
  }, 120_000);

  it('D-01 a keyboard and no JavaScript are enough to turn off, on, pause, get fewer, and end it all', async () => {
    await world.mailTo(['tangent@example.com'], 2);
    const id = await idOf('tangent@example.com');
    const visitor = await arrive(id, { javaScriptEnabled: false });
    const { page } = visitor;
    const box = (topic: string) =>
      page.locator('fieldset', { hasText: topic }).getByLabel('E-post').first();
    const press = async (name: string) => {
      const loaded = page.waitForEvent('load');
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
      await loaded;
    };
    await page.goto('/mina-sidor');
    expect(await box('Nyhetsbrev').isChecked()).toBe(true);
    expect(await box('Webbinarier').isChecked()).toBe(false);
    await box('Nyhetsbrev').focus();
    await page.keyboard.press('Space');
    await box('Webbinarier').focus();
    await page.keyboard.press('Space');
    await press('Spara');
    expect(await page.textContent('[role=status]')).toContain('Sparat.');
    await page.reload();
    expect(await box('Nyhetsbrev').isChecked()).toBe(false);
    expect(await box('Webbinarier').isChecked()).toBe(true);
    expect(await page.textContent('.card')).toContain('E-post: Kurstips; Webbinarier.');
    await press('Pausa i tre månader');
    expect(await page.textContent('.card')).toContain('Pausat till');
    await press('Avsluta pausen');
    await press('Få färre utskick: högst ett var trettionde dag');
    expect(await page.textContent('.card')).toContain('Du har valt färre utskick');
    await press('Få utskick som förut igen');
    expect(await page.textContent('.card')).not.toContain('färre');
    await press('Stäng av all marknadsföring');
    expect(await page.textContent('.card')).toMatch(/Du sa nej .*, på Mina sidor\./);
    await visitor.leave();
  });

  it('leads to the log-in when the session is over', async () => {
    const visitor = await arrive(contactId);
    await visitor.page.goto('/mina-sidor');
    await world.service.db.query('DELETE FROM learner_session');
    const loaded = visitor.page.waitForEvent('load');
    await visitor.page.getByRole('button', { name: 'Stäng av all marknadsföring' }).click();
    await loaded;
    expect(visitor.page.url()).toMatch(/\/mina-sidor\/login\?lang=sv$/);
    await visitor.leave();
  });
});
