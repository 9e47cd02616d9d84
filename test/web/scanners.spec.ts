import type { Browser } from 'playwright-core';
import { until } from '../setup/service';
import { openBrowser, Visitor } from './browser';
import { linksOf, World } from './world';

const READERS = Array.from({ length: 80 }, (_, n) => `lasare${n}@example.com`);
const NEWCOMERS = Array.from({ length: 90 }, (_, n) => `ny${n}@example.com`);
/** Windows open at once, each of a scanner of its own. */
const WINDOWS = 4;

/** Everything that a click could change, and that a look must not. */
const STATE = [
  `SELECT count(*), max(seq) FROM ledger_entry`,
  `SELECT md5(string_agg(gate::text, ';' ORDER BY address_key)) FROM gate`,
  `SELECT md5(string_agg(signup::text, ';' ORDER BY id)) FROM signup`,
  `SELECT md5(string_agg(link_token::text, ';' ORDER BY hash)) FROM link_token`,
  `SELECT md5(string_agg(contact::text, ';' ORDER BY id)) FROM contact`,
  `SELECT md5(string_agg(message_status::text, ';' ORDER BY id)) FROM message_status`,
  `SELECT count(*), max(at) FROM mailbox_message`,
];

describe('a scanner that opens every link in a browser with scripts on', () => {
  let world: World;
  let browser: Browser;
  let links: string[];
  let before: unknown[];

  const state = () => Promise.all(STATE.map((question) => world.service.db.query(question)));
  const count = async (sql: string) =>
    Number((await world.service.db.query<{ count: number }>(sql))[0]!.count);

  beforeAll(async () => {
    world = await World.open();
    await world.mailTo(READERS);
    for (const email of NEWCOMERS) await world.requestSignup(email);
    await until(async () => (await world.service.mailbox()).length === 170, 30, 'mails');
    links = (await world.service.mailbox())
      .flatMap((mail) => linksOf(world.service, mail))
      .filter((link) => /^\/(u|preferences|why|view|confirm)\//.test(link));
    browser = await openBrowser(world.service);
    before = await state();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('P-13 F-01 F-03 F-04 F-05 F-06 has opted nobody out and confirmed nobody after 500 pages and more', async () => {
    const queue = links.values();
    const statuses = new Map<number, number>();
    const scan = async () => {
      const { page } = await Visitor.arrive(browser, world.service);
      for (const link of queue) {
        const status = (await page.goto(link, { waitUntil: 'load' }))!.status();
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      // Left open, as a scanner that waits for a page to do something (F-05).
      await page.waitForTimeout(3_000);
    };
    await Promise.all(Array.from({ length: WINDOWS }, scan));

    expect(links.length).toBeGreaterThanOrEqual(500);
    expect(Object.fromEntries(statuses)).toEqual({ 200: links.length });
    expect(await state()).toEqual(before);
    expect(await count(`SELECT count(*) FROM ledger_entry WHERE kind = 'opt_out'`)).toBe(0);
    expect(await count(`SELECT count(*) FROM signup WHERE state <> 'PENDING'`)).toBe(0);
  }, 180_000);

  it('P-13 has changed nothing by HEAD and OPTIONS either', async () => {
    for (const link of links.slice(-50)) {
      for (const method of ['HEAD', 'OPTIONS']) {
        const { status } = await fetch(world.service.url + link, { method });
        expect(status).toBeLessThan(500);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('F-03 has burned no link: the same ones opt out and confirm when their owner presses the button', async () => {
    const { page } = await Visitor.arrive(browser, world.service);
    await page.goto(await world.path(READERS[7]!, 'u'));
    await page.click('main button');
    await page.waitForSelector('h1:has-text("Klart. Du får inget mer.")');
    await page.goto(await world.path(NEWCOMERS[7]!, 'confirm'));
    await page.click('main button');
    await page.waitForSelector('h1:has-text("Välkommen!")');
    expect(await count(`SELECT count(*) FROM ledger_entry WHERE kind = 'opt_out'`)).toBe(1);
    expect(await count(`SELECT count(*) FROM signup WHERE state = 'CONFIRMED'`)).toBe(1);
  });
});
