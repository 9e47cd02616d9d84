import type { Browser, Page } from 'playwright-core';
import { Service, until } from '../setup/service';
import { faults, openBrowser, Visitor } from './browser';
import { arriveAsStaff } from './staff';

const CSV = [
  'Förnamn;Efternamn;E-post',
  'Åsa;Öström;asa@exempel.example',
  'Björn;Ek;bjorn@exempel.example',
  'Li;Ng;li@exempel.example',
].join('\r\n');

/** One house, from the day it starts to the first no and what everybody sees of it. */
describe('from a new installation to the first campaign, and the first no', () => {
  let service: Service;
  let browser: Browser;
  let maker: Visitor;
  let page: Page;

  beforeAll(async () => {
    service = await Service.open({
      APPROVAL_ABOVE: '2',
      CONFIRM_ABOVE: '2',
      LAUNCH_REGRET_SECONDS: '2',
    });
    browser = await openBrowser(service);
    maker = await arriveAsStaff(browser, service, 'marketer');
    page = maker.page;
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();

  it('starts with the topics, which an administrator makes', async () => {
    const admin = await arriveAsStaff(browser, service, 'admin');
    await admin.open('/app');
    await admin.page.getByRole('link', { name: 'Gör det nu: Ämnen' }).click();
    await admin.page.getByRole('button', { name: 'Lägg till ämne' }).first().click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByLabel('Namn på svenska').fill('Nyhetsbrev');
    await dialog.getByLabel('Namn på engelska').fill('Newsletter');
    await dialog.getByLabel('Ändamålet är bedömt i dag').check();
    await dialog.getByRole('button', { name: 'Lägg till ämne' }).click();
    await dialog.waitFor({ state: 'detached' });
    await admin.leave();
  });

  it('takes in people who have agreed, from a file as Swedish Excel writes it', async () => {
    await maker.open('/app');
    await page.getByRole('link', { name: 'Gör det nu: Importera' }).click();
    await page.getByRole('link', { name: 'Importera en fil' }).click();
    await page.getByLabel('Välj en CSV-fil').setInputFiles({
      name: 'kunder.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(CSV, 'latin1'),
    });
    await press('Läs filen');
    await press('Fortsätt');
    await heading('Med vilken rätt');
    await page.getByLabel('Nyhetsbrev').check();
    await page.getByLabel('Alla i filen har samtyckt').check();
    await page.getByLabel('Var beviset finns').fill('Avtal 17');
    await page.getByLabel('När de samtyckte').fill('2026-01-02');
    await page.getByLabel('De har informerats').check();
    await page.getByLabel(/^När\s*\*?$/).fill('2026-01-02');
    await press('Fortsätt');
    await press('Importera 3 rader');
    await page.getByText('Importen är klar.').waitFor();
  });

  it('copies a template and makes it the house’s own', async () => {
    await maker.open('/app/mallar');
    await press('Kopiera Enkel text');
    await page.getByLabel('Mallens namn').fill('Vårt brev');
    await page.getByLabel('Ämnesrad').fill('Hej från Lärkraft');
    await press('Spara');
    await page.getByText('Mallen är sparad.').first().waitFor();
  });

  it('plans a campaign from it, and a second person approves exactly that', async () => {
    await maker.open('/app/utskick');
    await press('Nytt utskick');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Namn').fill('Första brevet');
    await dialog.getByLabel('Börja med').selectOption({ label: 'Vårt brev' });
    await dialog.getByLabel('Ämne', { exact: true }).selectOption({ label: 'Nyhetsbrev' });
    await dialog.getByRole('button', { name: 'Skapa utkastet' }).click();
    await page.getByText('Får det', { exact: true }).waitFor();
    await press('Granska och skicka');
    await page.getByText('Skicka ”Hej från Lärkraft” till 3 personer').waitFor();
    await press('Be om godkännande');
    await page.getByText('Det väntar på att en annan person godkänner det').waitFor();

    const second = await arriveAsStaff(browser, service, 'approver');
    await second.open('/app/utskick?visa=awaiting_approval');
    await second.page.getByRole('link', { name: 'Första brevet' }).click();
    await second.page.getByRole('button', { name: 'Granska och skicka' }).first().click();
    await second.page.getByRole('button', { name: 'Godkänn utskicket' }).click();
    await second.page.getByLabel('Skriv 3 för att bekräfta').waitFor();
    await second.leave();
  });

  it('sends it after a last chance to regret, and shows how it went', async () => {
    await page.reload();
    await page.getByLabel('Skriv 3 för att bekräfta').fill('3');
    await press('Skicka till 3 personer nu');
    await heading('Utskicket skickas strax');
    expect(await service.mailbox('asa@exempel.example')).toEqual([]);
    await page.getByRole('link', { name: /apport/ }).click({ timeout: 30_000 });
    await heading('Rapport: Första brevet');
    const result = page.getByRole('region', { name: 'Hur det gick' });
    await result.getByText('3', { exact: true }).first().waitFor();
    expect(await faults(page)).toEqual([]);
    await until(async () => (await service.mailbox('asa@exempel.example')).length === 1);
  }, 60_000);

  it('lets a recipient leave, and the card and the report say so at once', async () => {
    const [mail] = await service.mailbox('asa@exempel.example');
    const recipient = await Visitor.arrive(browser, service);
    await recipient.open(new URL(/https?:[^"]+\/u\/[\w-]+/.exec(mail!.html)![0]).pathname);
    await recipient.page
      .getByRole('button', { name: /Avsluta/ })
      .first()
      .click();
    await recipient.page.getByText('Klart').first().waitFor();
    await recipient.leave();

    await page.reload();
    const doors = page.getByRole('region', { name: 'Så avregistrerade de sig' });
    await doors.getByText('via länken i mejlet').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('asa@exempel.example');
    await page.getByRole('option', { name: /Åsa Öström/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading('Åsa Öström');
    await page
      .getByText(/Får inte e-post: .*Första brevet/)
      .first()
      .waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
