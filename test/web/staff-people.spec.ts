import type { Browser, Page } from 'playwright-core';
import { Service, until } from '../setup/service';
import { faults, openBrowser, overflow } from './browser';
import { arriveAsStaff } from './staff';

const SCRIPT = '<script>document.title="fel"</script>';

describe('the people in the staff web app', () => {
  let service: Service;
  let browser: Browser;
  let ids: string[];

  beforeAll(async () => {
    service = await Service.open();
    const topicId = await service.topic('nyhetsbrev');
    ids = await service.people(topicId, [
      { email: 'anna.ask@exempel.example', firstName: 'Anna' },
      { email: 'bo@exempel.example', firstName: SCRIPT },
    ]);
    await service.settled(await service.launch(topicId));
    const [mail] = await service.mailbox('anna.ask@exempel.example');
    const link = /<(http[^>]*\/u\/[^>]*)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!;
    await fetch(service.local(link), { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

  it('finds a person by name, and the card says why they get nothing and what they got', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/kontakter');
    await page.getByText('2 kontakter').waitFor();
    await page.getByRole('searchbox', { name: 'Sök' }).fill('anna');
    await page.keyboard.press('Enter');
    await page.getByText('En kontakt').waitFor();
    expect(visitor.asked.filter((url) => url.includes('anna'))).toEqual([]);
    await page.getByRole('link', { name: 'Anna' }).click();
    await heading(page, 'Anna');
    await page
      .getByText(/Får inte e-post: nej från den här adressen .*, via länken i ett mejl/)
      .first()
      .waitFor();
    await page.getByText('Sa nej till all marknadsföring, via länken i ett mejl').waitFor();
    await page.getByRole('button', { name: 'Se meddelandet' }).click();
    const mail = page.frameLocator('iframe');
    await mail.getByText('Avsluta prenumeration').first().waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    // Who was looked for is there again when one comes back.
    await page.keyboard.press('Escape');
    await page.goBack();
    await page.getByText('En kontakt').waitFor();
    await visitor.leave();
  });

  it('shows what people typed as text', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    await visitor.open(`/app/kontakter/${ids[1]}`);
    await heading(visitor.page, SCRIPT);
    expect(await visitor.page.title()).toContain(SCRIPT);
    await visitor.leave();
  });

  it('corrects an address, and says what that means for consent', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/kontakter/${ids[1]}`);
    await page.getByRole('button', { name: 'Ändra' }).click();
    await page.getByLabel('Förnamn').fill('Bo');
    await page.getByLabel('E-postadress').fill('fel adress');
    await page.getByText('börjar utan samtycke').waitFor();
    await page.getByRole('button', { name: 'Spara' }).click();
    await page.getByText('E-postadressen saknar @.').waitFor();
    await page.getByLabel('E-postadress').fill('bo.ny@exempel.example');
    await page.getByRole('button', { name: 'Spara' }).click();
    await heading(page, 'Bo');
    await page.getByText('Får inte e-post: det finns inget samtycke').first().waitFor();
    await visitor.leave();
  });

  it('imports a file as Swedish Excel writes it, step by step, and takes it back', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    const csv = [
      'Förnamn;Efternamn;E-post;Företag;Skostorlek',
      'Åsa;Öström;asa@exempel.example;Björk & Söner AB;38',
      'Anna;Ask;anna.ask@exempel.example;;',
      'Trasig;;inte-en-adress;;',
    ].join('\r\n');
    await visitor.open('/app/kontakter');
    await page.getByRole('link', { name: 'Importera' }).click();
    await page.getByRole('link', { name: 'Importera en fil' }).click();
    await page.getByRole('button', { name: 'Läs filen' }).click();
    await page.getByText('Välj en fil.').waitFor();
    await page.getByLabel('Välj en CSV-fil').setInputFiles({
      name: 'lista.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(csv, 'latin1'),
    });
    await page.getByRole('button', { name: 'Läs filen' }).click();
    await page.getByText('Filen lästes som Windows-text (1252), med semikolon').waitFor();
    await page.getByRole('cell', { name: 'Åsa' }).first().waitFor();
    expect(await page.getByLabel('Vad kolumnen Företag är').inputValue()).toBe('organisation');
    expect(await page.getByLabel('Vad kolumnen Skostorlek är').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Fortsätt' }).click();

    await heading(page, 'Med vilken rätt');
    await page.getByLabel('Nyhetsbrev').check();
    await page.getByLabel('Alla i filen har samtyckt').check();
    await page.getByLabel('Var beviset finns').fill('Avtal 17');
    await page.getByLabel('När de samtyckte').fill('2126-01-01');
    await page.getByLabel('De har informerats').check();
    await page.getByLabel(/^När\s*\*?$/).fill('2026-01-02');
    await page.getByRole('button', { name: 'Fortsätt' }).click();
    await page.getByText('Dagen har inte varit än.').waitFor();
    await page.getByLabel('När de samtyckte').fill('2026-01-02');
    await page.getByRole('button', { name: 'Fortsätt' }).click();

    await heading(page, 'Det här kommer att hända');
    await page.getByRole('cell', { name: 'Avregistrerad, och förblir det' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Hämta den felaktiga raden' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^fel-.*\.csv$/);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Importera 2 rader' }).click();
    await page.getByText('Importen är klar.').waitFor();

    await page.getByRole('link', { name: 'Till kontakterna' }).click();
    await page.getByRole('link', { name: 'Åsa Öström' }).click();
    await page.getByText('Får: Nyhetsbrev.').first().waitFor();
    await page.getByText('Fanns med i den importerade filen lista.csv.').waitFor();
    await visitor.open('/app/kontakter/import');
    await page.getByRole('link', { name: 'lista.csv' }).click();
    await page.getByRole('button', { name: 'Ångra importen' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ångra importen' }).click();
    await page.getByText('Importen är ångrad.').waitFor();
    await until(async () => (await service.db.query('SELECT FROM contact')).length === 2, 10);
    await visitor.leave();
  });

  it('shows nobody what they may not do', async () => {
    const visitor = await arriveAsStaff(browser, service, 'privacy_officer');
    const { page } = visitor;
    await visitor.open(`/app/kontakter/${ids[0]}`);
    await heading(page, 'Anna');
    await page.getByRole('button', { name: 'Registrera ett nej' }).waitFor();
    expect(await page.getByRole('button', { name: /Ändra|Slå ihop/ }).count()).toBe(0);
    await visitor.leave();
  });

  it.each([1280, 320])(
    'has no faults axe finds and no sideways scroll, %i px wide',
    async (width) => {
      const visitor = await arriveAsStaff(browser, service, 'approver', {
        viewport: { width, height: 800 },
        colorScheme: width === 320 ? 'dark' : 'light',
      });
      const { page } = visitor;
      for (const path of ['', `/${ids[0]}`, '/import', '/import/ny']) {
        await visitor.open(`/app/kontakter${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await until(async () => (await page.getByText('Hämtar …').count()) === 0, 10, 'everything');
        expect([path, await faults(page)]).toEqual([path, []]);
        expect([path, await overflow(page)]).toEqual([path, 0]);
      }
      await visitor.leave();
    },
  );
});
