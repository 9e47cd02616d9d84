import type { Browser } from 'playwright-core';
import { Brands } from '../../src/platform/brand/brands.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { publicPages, type PublicPage } from './public-pages';
import { World } from './world';

const LARGEST = 10 * 1024;
const USUAL = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };
/** 1280 px at 200 %: half as many CSS pixels. */
const ZOOMED = { width: 640, height: 450 };

/** The Swedish pages look as the product comes, the English ones in the palest colour there may be. */
const LOOKS = {
  sv: { name: null, colour: null, footer: '' },
  en: { name: null, colour: '#6e6e6e', footer: 'Courses since 1997 & on' },
};

/** What the pages say of themselves. */
const FACTS = `({
  headings: document.querySelectorAll('h1').length,
  title: document.title,
  language: document.documentElement.lang,
  words: document.body.innerText,
  links: [...document.links].map((link) => link.href),
})`;

interface Facts {
  headings: number;
  title: string;
  language: string;
  words: string;
  links: string[];
}

/** One page in one language, as a visitor found it. */
interface Finding {
  name: string;
  page: PublicPage;
  language: 'sv' | 'en';
  status: number;
  bytes: number;
  cookies: string[];
  asked: string[];
  facts: Facts;
  tooWide: string[];
  accessibility: string[];
}

describe('every public page, in Swedish and English', () => {
  let world: World;
  let browser: Browser;
  let findings: Finding[];

  beforeAll(async () => {
    world = await World.open({ DEMO: 'true' });
    const pages = await publicPages(world);
    browser = await openBrowser(world.service);
    const visitor = await Visitor.arrive(browser, world.service, { viewport: USUAL });
    findings = [];
    for (const page of pages) {
      for (const language of ['sv', 'en'] as const) {
        await world.service.get(Brands).change(LOOKS[language], OPERATOR);
        findings.push(await examine(visitor, page, language));
      }
    }
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** What is wrong, with the name of the page it is wrong on. */
  const wrong = (check: (finding: Finding) => string[]) =>
    findings.flatMap((finding) => check(finding).map((fault) => `${finding.name}: ${fault}`));
  const ours = (check: (finding: Finding) => string[]) =>
    wrong((finding) => (finding.page.mail ? [] : check(finding)));

  it('answers with the right status, one main heading, a title, and the language asked for', () => {
    expect(
      wrong(({ status, page }) => (status === (page.status ?? 200) ? [] : [`${status}`])),
    ).toEqual([]);
    const faulty = ours(({ language, facts }) =>
      facts.headings === 1 && facts.title.endsWith(' – Lärkraft AB') && facts.language === language
        ? []
        : [JSON.stringify(facts)],
    );
    expect(faulty).toEqual([]);
  });

  it('gives axe-core nothing to say about WCAG 2.2 A and AA, in light and in dark', () => {
    expect(wrong(({ accessibility }) => accessibility)).toEqual([]);
  });

  it('needs no sideways scrolling at 320 px, at 200 %, or with letters of twice the size', () => {
    expect(wrong(({ tooWide }) => tooWide)).toEqual([]);
  });

  it('P-13 sets no cookie, loads nothing from anybody, and is one answer of less than 10 KB', () => {
    const home = `${world.service.env.PUBLIC_URL}/`;
    const isForeign = (url: string) => !url.startsWith(home) && !url.startsWith('data:');
    expect(wrong(({ cookies }) => cookies)).toEqual([]);
    expect(wrong(({ asked }) => asked.filter(isForeign))).toEqual([]);
    expect(ours(({ asked }) => asked.slice(1))).toEqual([]);
    expect(
      ours(({ bytes, page }) => (page.long || bytes < LARGEST ? [] : [`${bytes} bytes`])),
    ).toEqual([]);
  });

  it('P-72 F-62 shows no address but a masked one, and no name', () => {
    const example = /\bname?n?@example\.com/g;
    expect(
      ours(
        ({ facts }) => facts.words.replace(example, '').match(/\S+@example\.com|\bKim\b/g) ?? [],
      ),
    ).toEqual([]);
  });

  it('leads nowhere that is not there', async () => {
    const links = new Set(
      findings.filter(({ page }) => !page.mail).flatMap(({ facts }) => facts.links),
    );
    const dead: string[] = [];
    for (const link of links) {
      // A page about a link that does not work offers itself in the other language.
      if (!link.startsWith('http') || /\/A{22}\?|\/confirm\//.test(link)) continue;
      const { status } = await fetch(world.service.local(link));
      if (status >= 400) dead.push(`${status} ${link}`);
    }
    expect(dead).toEqual([]);
  });

  it('F-15 P-10 says that it failed, with 503, while the registry cannot be written', async () => {
    const path = `/u/${await world.token('paus@example.com')}`;
    const { db } = world.service;
    const visitor = await Visitor.arrive(browser, world.service);
    await db.query('ALTER TABLE ledger_entry RENAME TO ledger_entry_away');
    const response = await visitor.open(path, { form: '1' });
    const accessibility = await faults(visitor.page);
    await db.query('ALTER TABLE ledger_entry_away RENAME TO ledger_entry');
    expect(response.status()).toBe(503);
    expect(await visitor.page.textContent('h1')).toBe('Det gick inte just nu');
    expect(accessibility).toEqual([]);
  });
});

async function examine(
  visitor: Visitor,
  page: PublicPage,
  language: 'sv' | 'en',
): Promise<Finding> {
  const { page: tab, context } = visitor;
  visitor.asked.length = 0;
  const path = `${page.path}${page.path.includes('?') ? '&' : '?'}lang=${language}`;
  const response = await visitor.open(path, page.fields && { ...page.fields, lang: language });
  const finding = {
    name: `${page.name} (${language})`,
    page,
    language,
    status: response.status(),
    bytes: (await response.body()).length,
    cookies: (await context.cookies()).map(({ name }) => name),
    asked: [...visitor.asked],
    facts: await tab.evaluate<Facts>(FACTS),
    // Swedish has the longer words.
    tooWide: language === 'sv' ? await tooWide(visitor) : [],
    accessibility: [] as string[],
  };
  if (response.headers()['content-security-policy']?.includes('sandbox')) {
    // No script runs there, not even ours: the same mail is examined outside its sandbox.
    const html = await response.text();
    await tab.goto('about:blank');
    await tab.setContent(html);
  }
  finding.accessibility.push(...(await faults(tab)));
  await tab.emulateMedia({ colorScheme: 'dark' });
  const dark = await faults(tab, ['color-contrast']);
  finding.accessibility.push(...dark.map((fault) => `dark: ${fault}`));
  await tab.emulateMedia({ colorScheme: 'light' });
  return finding;
}

async function tooWide({ page }: Visitor): Promise<string[]> {
  const pixels: Record<string, number> = {};
  await page.setViewportSize(NARROW);
  pixels['320 px'] = await overflow(page);
  await page.setViewportSize(ZOOMED);
  pixels['200 %'] = await overflow(page);
  await page.setViewportSize(USUAL);
  await page.evaluate('document.documentElement.style.fontSize = "200%"');
  pixels['large letters'] = await overflow(page);
  await page.evaluate('document.documentElement.style.fontSize = ""');
  return Object.entries(pixels)
    .filter(([, over]) => over > 0)
    .map(([when, over]) => `${when}: ${over} px too wide`);
}
