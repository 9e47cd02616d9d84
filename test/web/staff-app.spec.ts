import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { logIn, PASSWORD } from '../setup/callers';
import { Service } from '../setup/service';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { arriveAsStaff } from './staff';

const WEB = join(__dirname, '../../dist/web');

describe('the staff web app', () => {
  let service: Service;
  let browser: Browser;

  beforeAll(async () => {
    service = await Service.open();
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  it('asks who one is, refuses a wrong password in words, and then shows what one came for', async () => {
    await logIn(service, 'marketer');
    const visitor = await Visitor.arrive(browser, service);
    const { page } = visitor;
    await visitor.open('/app/konto');
    await page.getByRole('heading', { name: 'Logga in' }).waitFor();
    expect(await faults(page)).toEqual([]);

    await page.getByLabel('E-post').fill('marketer@larkraft.example');
    await page.getByRole('textbox', { name: 'Lösenord' }).fill('inte det');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('Fel e-post eller lösenord.');

    await page.getByRole('textbox', { name: 'Lösenord' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Mitt konto' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/app/konto');
    await visitor.leave();
  });

  it('logs out, and a session ended elsewhere leads to the log-in in the same place', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/konto');
    await page.getByRole('button', { name: 'Förnamn Efternamn' }).click();
    await page.getByRole('button', { name: 'Logga ut', exact: true }).click();
    await page.getByRole('heading', { name: 'Logga in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Logga in' }).waitFor();
    await visitor.leave();
  });

  it('changes the language and the colours, and says so to those who listen', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/konto');
    await page.getByRole('button', { name: 'Förnamn Efternamn' }).click();
    await page.getByRole('button', { name: 'In English' }).click();
    await page.getByRole('heading', { name: 'My account' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { name: 'My account' }).waitFor();

    await page.getByRole('button', { name: 'Förnamn Efternamn' }).click();
    await page.getByRole('button', { name: 'Dark appearance' }).click();
    await page.getByRole('table').waitFor();
    expect(await faults(page)).toEqual([]);
    await visitor.leave();
  });

  it.each([1280, 320])(
    'has no faults axe finds and no sideways scroll, %i px wide',
    async (width) => {
      const visitor = await arriveAsStaff(browser, service, 'admin', {
        viewport: { width, height: 800 },
      });
      const { page } = visitor;
      for (const path of ['/app/konto', '/app/finns-inte']) {
        await visitor.open(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await faults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await visitor.leave();
    },
  );

  it('runs only scripts of its own, and may not be framed', async () => {
    const { headers } = await fetch(`${service.url}/app/konto`);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('gives out the files of its build and nothing else', async () => {
    const [script] = readdirSync(join(WEB, 'assets')).filter((name) => name.endsWith('.js'));
    const found = await fetch(`${service.url}/app/assets/${script}`);
    expect(found.headers.get('cache-control')).toContain('immutable');
    for (const path of ['missing.js', '..%2findex.html', '..%2f..%2fmain.js', '.stamp']) {
      expect((await fetch(`${service.url}/app/assets/${path}`)).status).toBe(404);
    }
  });

  it('loads less than 250 KB of packed scripts at first', async () => {
    const visitor = await arriveAsStaff(browser, service, 'admin');
    await visitor.open('/app');
    await visitor.page.getByRole('heading', { level: 1 }).waitFor();
    const scripts = visitor.asked.filter((url) => url.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    const packed = scripts.map(
      (url) => gzipSync(readFileSync(join(WEB, new URL(url).pathname.slice('/app'.length)))).length,
    );
    expect(packed.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
    await visitor.leave();
  });
});
