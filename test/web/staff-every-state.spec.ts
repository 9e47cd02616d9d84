import type { Browser, Page, Route } from 'playwright-core';
import { newId } from '../../src/platform/ids';
import { Service } from '../setup/service';
import { faults, openBrowser, overflow, type Visitor } from './browser';
import { NARROW } from './inspection';
import { SCREENS, settled } from './screens';
import { arriveAsStaff } from './staff';

/** Every route once, about somebody and something that is not there. */
const PATHS = [...new Set(SCREENS.map(({ route }) => route))].map((route) =>
  route === '*' ? 'finns-inte' : route.replace(/:(id|key)/, newId()),
);
/** Waiting looks the same everywhere. */
const WAITING = PATHS.filter((path) => /utskick|arenden$|anvandare/.test(path));
const API = /\/api\/v1\/(?!session$)/;
const FAILURE = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Error',
    status: 500,
    code: 'internal_error',
  }),
};

describe('every screen of the staff web app when there is little to see', () => {
  let service: Service;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    service = await Service.open();
    browser = await openBrowser(service);
    visitor = await arriveAsStaff(browser, service, 'admin', { reducedMotion: 'reduce' });
    page = visitor.page;
    await page.setViewportSize(NARROW);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  /** What is wrong on each screen, 320 px wide; every other one in dark. */
  async function walk(is: (page: Page) => Promise<unknown>, by = page): Promise<string[]> {
    const found: string[] = [];
    for (const [n, path] of PATHS.entries()) {
      await by.emulateMedia({ colorScheme: n % 2 === 0 ? 'light' : 'dark' });
      await by.goto(`/app/${path}`);
      const wrong: string[] = [];
      await is(by).catch((error: Error) => wrong.push(error.message.split('\n')[0]!));
      const wide = await overflow(by);
      if (wide > 0) wrong.push(`${wide} px too wide`);
      found.push(...[...wrong, ...(await faults(by))].map((fault) => `${path}: ${fault}`));
    }
    return found;
  }
  const heading = (by: Page) => by.getByRole('heading', { level: 1 }).waitFor({ timeout: 5_000 });

  it('says in words that there is nothing yet, or no such thing', async () => {
    const found = await walk(async (by) => {
      await heading(by);
      await settled(by);
    });
    expect(found).toEqual([]);
  }, 180_000);

  it('says what went wrong, and lets one try again', async () => {
    await page.route(API, (route) => route.fulfill(FAILURE));
    const quiet = [
      'finns-inte',
      'kundtjanst',
      'kontakter/import/ny',
      'malgrupper/ny',
      'installningar/formular/nytt',
    ];
    const found = await walk(async (by) => {
      await heading(by);
      if (quiet.some((path) => by.url().endsWith(path))) return;
      await by.getByRole('button', { name: 'Försök igen' }).first().waitFor({ timeout: 20_000 });
    });
    await page.unrouteAll();
    expect(found).toEqual([]);
  }, 180_000);

  it('says that it is busy while it fetches', async () => {
    const held: Route[] = [];
    await page.route(API, (route) => void held.push(route));
    for (const path of WAITING) {
      await page.goto(`/app/${path}`);
      await heading(page);
      await page.getByText('Hämtar …').first().waitFor({ state: 'attached' });
    }
    const found = await faults(page);
    await page.unrouteAll();
    await Promise.all(held.map((route) => route.abort().catch(() => {})));
    expect(found).toEqual([]);
  }, 180_000);

  it('tells a reader what is not theirs', async () => {
    const other = await arriveAsStaff(browser, service, 'reader', { viewport: NARROW });
    const found = await walk(async (by) => {
      await heading(by);
      await settled(by);
    }, other.page);
    await other.leave();
    expect(found).toEqual([]);
  }, 180_000);
});
