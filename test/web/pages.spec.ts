import type { Browser } from 'playwright-core';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { publicPages, type PublicPage } from './public-pages';
import { World } from './world';

const LARGEST = 10 * 1024;
const NARROW = { width: 320, height: 640 };
/** 1280 px at 200 %: half as many CSS pixels. */
const ZOOMED = { width: 640, height: 450 };
const USUAL = { width: 390, height: 844 };

const READER = 'document.body.innerText';

describe('every public page, in Swedish and English', () => {
  let world: World;
  let browser: Browser;
  let pages: PublicPage[];

  beforeAll(async () => {
    world = await World.open({ DEMO: 'true' });
    pages = await publicPages(world);
    browser = await openBrowser(world.service);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** Opens every page in both languages, and names the page in whatever the check finds. */
  async function onEveryPage(
    check: (visitor: Visitor, page: PublicPage, body: Buffer) => Promise<string[]>,
    only: (page: PublicPage) => boolean = () => true,
  ): Promise<string[]> {
    const found: string[] = [];
    const visitor = await Visitor.arrive(browser, world.service, { viewport: USUAL });
    for (const page of pages.filter(only)) {
      for (const language of ['sv', 'en']) {
        const path = `${page.path}${page.path.includes('?') ? '&' : '?'}lang=${language}`;
        visitor.asked.length = 0;
        const response = await visitor.open(path, page.fields);
        const status = response.status() === (page.status ?? 200) ? [] : [`${response.status()}`];
        const faults = await check(visitor, page, await response.body());
        found.push(
          ...[...status, ...faults].map((fault) => `${page.name} (${language}): ${fault}`),
        );
      }
    }
    await visitor.leave();
    return found;
  }

  it('gives axe-core nothing to say about WCAG 2.2 A and AA, in light and in dark', async () => {
    const found = await onEveryPage(async ({ page }) => {
      const all: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        all.push(...(await faults(page)).map((fault) => `${colorScheme}: ${fault}`));
      }
      return all;
    });
    expect(found).toEqual([]);
  }, 120_000);

  it('needs no sideways scrolling at 320 px, at 200 %, or with letters of twice the size', async () => {
    const found = await onEveryPage(async ({ page }) => {
      const wider: Record<string, number> = {};
      await page.setViewportSize(NARROW);
      wider['320 px'] = await overflow(page);
      await page.setViewportSize(ZOOMED);
      wider['200 %'] = await overflow(page);
      await page.setViewportSize(USUAL);
      await page.evaluate('document.documentElement.style.fontSize = "200%"');
      wider['large letters'] = await overflow(page);
      return Object.entries(wider)
        .filter(([, pixels]) => pixels > 0)
        .map(([name, pixels]) => `${name}: ${pixels} px too wide`);
    });
    expect(found).toEqual([]);
  }, 60_000);

  it('P-13 sets no cookie, loads nothing from anybody, and is smaller than 10 KB', async () => {
    const home = `${world.service.env.PUBLIC_URL}/`;
    const found = await onEveryPage(async (visitor, page, body) => {
      const cookies = await visitor.context.cookies();
      const strangers = visitor.asked.filter((url) => !url.startsWith(home) && !/^data:/.test(url));
      return [
        ...cookies.map(({ name }) => `cookie ${name}`),
        ...strangers.map((url) => `asked for ${url}`),
        ...(page.mail || visitor.asked.length === 1 ? [] : [`${visitor.asked.length} requests`]),
        ...(page.mail || body.length < LARGEST ? [] : [`${body.length} bytes`]),
      ];
    });
    expect(found).toEqual([]);
  }, 60_000);

  it('P-72 F-62 shows no address but a masked one, no name and no company', async () => {
    const found = await onEveryPage(
      async ({ page }) => {
        const text = String(await page.evaluate(READER)).replace(
          /namn@example\.com|name@example\.com/g,
          '',
        );
        return text.match(/\S+@example\.com|\bKim\b/g) ?? [];
      },
      ({ mail }) => !mail,
    );
    expect(found).toEqual([]);
  }, 60_000);

  it('has one heading of the first rank, a title, a language, and no way into a page that is not there', async () => {
    const links = new Set<string>();
    const found = await onEveryPage(
      async ({ page }) => {
        const seen = await page.evaluate<{
          h1: number;
          title: string;
          lang: string;
          hrefs: string[];
        }>(
          `({ h1: document.querySelectorAll('h1').length, title: document.title, lang: document.documentElement.lang,
              hrefs: [...document.links].map((link) => link.href) })`,
        );
        seen.hrefs.forEach((href) => links.add(href));
        const right =
          seen.h1 === 1 && /.+ – Lärkraft AB$/.test(seen.title) && /^(sv|en)$/.test(seen.lang);
        return right ? [] : [JSON.stringify(seen)];
      },
      ({ mail }) => !mail,
    );
    expect(found).toEqual([]);
    const dead: string[] = [];
    for (const link of links) {
      if (!link.startsWith('http')) continue;
      const { status } = await fetch(world.service.local(link));
      // A page that says that a link is unknown or old has itself as the way to another language.
      if (status >= 400 && !/\/A{22}\?|\/confirm\//.test(link)) dead.push(`${status} ${link}`);
    }
    expect(dead).toEqual([]);
  }, 60_000);

  it('F-15 P-10 says that it failed, with 503, when the registry cannot be written; and axe has nothing to say', async () => {
    const path = `/u/${await world.token('paus@example.com')}`;
    const visitor = await Visitor.arrive(browser, world.service);
    await world.service.db.query('ALTER TABLE ledger_entry RENAME TO ledger_entry_away');
    const response = await visitor.open(path, { form: '1' });
    const found = await faults(visitor.page);
    await world.service.db.query('ALTER TABLE ledger_entry_away RENAME TO ledger_entry');
    expect(response.status()).toBe(503);
    expect(await visitor.page.textContent('h1')).toBe('Det gick inte just nu');
    expect(found).toEqual([]);
    await visitor.leave();
  });
});
