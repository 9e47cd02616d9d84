import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/ids';
import { Service, until } from '../setup/service';
import { faults, openBrowser, overflow } from './browser';
import { arriveAsStaff } from './staff';

describe('customer service in the staff web app', () => {
  let service: Service;
  let browser: Browser;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [{ email: 'kim@exempel.example', firstName: 'Kim' }]);
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const isStopped = async (email: string) =>
    (
      await service.db.query('SELECT FROM gate WHERE address_key = $1 AND no_all', [
        service.key(email),
      ])
    ).length === 1;
  /** Goes on with the tabulator until this has the focus, as somebody without a mouse does. */
  async function tabTo(page: Page, name: string): Promise<void> {
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate<string>('document.activeElement.innerText ?? ""');
      if (focused.trim() === name) return;
    }
    throw new Error(`${name} cannot be reached`);
  }

  it('D-03: records a no for somebody on the phone with the keyboard only, and has a sentence to read out', async () => {
    const visitor = await arriveAsStaff(browser, service, 'service');
    const { page } = visitor;
    await visitor.open('/app/kundtjanst');
    await page.getByLabel('Vem gäller det?').focus();
    await page.keyboard.type('kim@exempel.example');
    await page.keyboard.press('Enter');
    await page.getByText('En träff').waitFor();
    expect(visitor.asked.filter((url) => url.includes('kim'))).toEqual([]);
    await tabTo(page, 'Registrera ett nej');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Registrera nejet');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nejet är registrerat och gäller nu' }).waitFor();
    await page.getByText('Vi skickar ingen mer marknadsföring till personen').waitFor();
    await page.getByText(/Ärendets nummer är A-\d{4}-000001/).waitFor();
    expect(await isStopped('kim@exempel.example')).toBe(true);
    await tabTo(page, 'Klart');
    await page.keyboard.press('Enter');
    await page
      .getByText(/Får inte .*via kundtjänst/)
      .first()
      .waitFor();
    await visitor.leave();
  });

  it('L-12: records a no for an address that nobody has, and knows it the next time', async () => {
    const visitor = await arriveAsStaff(browser, service, 'service');
    const { page } = visitor;
    await visitor.open('/app/kundtjanst');
    const search = async () => {
      await page.getByLabel('Vem gäller det?').fill('okand@exempel.example');
      await page.getByRole('main').getByRole('button', { name: 'Sök' }).click();
      await page.getByText('Ingen kontakt har den adressen.').waitFor();
    };
    await search();
    await page.getByRole('button', { name: 'Registrera ett nej' }).click();
    await page.getByLabel('Hur hörde personen av sig?').selectOption('letter');
    await page.getByRole('button', { name: 'Registrera nejet' }).click();
    await page.getByRole('button', { name: 'Klart', exact: true }).click();
    expect(await isStopped('okand@exempel.example')).toBe(true);
    await page.reload();
    await search();
    await page.getByText('Personen känner vi inte längre').waitFor();
    await page.getByText(/nej från den här adressen .*, via kundtjänst/).waitFor();
    await visitor.leave();
  });

  it('P-14: reads what people wrote back as text, and makes a no of it', async () => {
    await service.db.query(
      `INSERT INTO reply (id, at, channel, provider, provider_id, sender, body, meaning, state)
       VALUES ($1, now(), 'email', 'test', '1', 'lo@exempel.example', 'Nej <script>tack</script>', 'unclear', 'open'),
              ($2, now(), 'email', 'test', '2', 'ny@exempel.example', 'Jag är på semester', 'unclear', 'open')`,
      [newId(), newId()],
    );
    const visitor = await arriveAsStaff(browser, service, 'service');
    const { page } = visitor;
    await visitor.open('/app/kundtjanst');
    await page.getByRole('tab', { name: 'Svar att läsa' }).click();
    await page.getByText('2 svar väntar').waitFor();
    await page.getByRole('link', { name: 'Kundtjänst 2 svar att läsa' }).waitFor();
    expect(await faults(page)).toEqual([]);
    const no = page.getByRole('article').filter({ hasText: 'Nej <script>tack</script>' });
    await no.getByRole('button', { name: 'Det är ett nej' }).click();
    await page.getByText('Ett svar väntar').waitFor();
    expect(await isStopped('lo@exempel.example')).toBe(true);
    await page.getByRole('button', { name: 'Automatiskt svar' }).click();
    await page.getByText('Inga svar väntar').waitFor();
    await page.getByRole('link', { name: 'Kundtjänst', exact: true }).waitFor();
    await visitor.leave();
  });

  it('opens a case, finds it in the list, and closes it', async () => {
    const visitor = await arriveAsStaff(browser, service, 'service');
    const { page } = visitor;
    await visitor.open('/app/kundtjanst');
    await page.getByLabel('Vem gäller det?').fill('kim');
    await page.getByRole('main').getByRole('button', { name: 'Sök' }).click();
    await page.getByRole('button', { name: 'Öppna ett ärende' }).click();
    await page.getByLabel('Vad personen sa, i korthet').fill('Var har ni fått adressen ifrån?');
    await page.getByRole('button', { name: 'Spara ärendet' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Ärenden' }).click();
    await page.getByRole('row', { name: /Fråga/ }).getByRole('link').click();
    await page.getByText('Var har ni fått adressen ifrån?').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByLabel('Anteckning').fill('Visade källan på kortet.');
    await page.getByRole('button', { name: 'Stäng ärendet' }).click();
    await page.getByText('Visade källan på kortet.').waitFor();
    await visitor.leave();
  });

  it.each([1280, 320])(
    'has no faults axe finds and no sideways scroll, %i px wide',
    async (width) => {
      const visitor = await arriveAsStaff(browser, service, 'admin', {
        viewport: { width, height: 800 },
        colorScheme: width === 320 ? 'dark' : 'light',
      });
      const { page } = visitor;
      for (const path of ['', '/svar', '/arenden?lage=alla']) {
        await visitor.open(`/app/kundtjanst${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await until(async () => (await page.getByText('Hämtar …').count()) === 0, 10, 'everything');
        expect([path, await faults(page)]).toEqual([path, []]);
        expect([path, await overflow(page)]).toEqual([path, 0]);
      }
      await visitor.leave();
    },
  );
});
