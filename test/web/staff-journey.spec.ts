import type { Browser, Page } from 'playwright-core';
import { Service, until } from '../setup/service';
import { faults, openBrowser, Visitor } from './browser';
import { Keyboard } from './keyboard';
import { arriveAsStaff } from './staff';

const CSV = [
  'Förnamn;Efternamn;E-post',
  'Åsa;Öström;asa@exempel.example',
  'Björn;Ek;bjorn@exempel.example',
  'Li;Ng;li@exempel.example',
].join('\r\n');

/** One house, from the day it starts to the first no and what everybody sees of it; nobody in it has a mouse. */
describe('from a new installation to the first campaign, and the first no', () => {
  let service: Service;
  let browser: Browser;
  let maker: Visitor;
  let page: Page;
  let keys: Keyboard;

  beforeAll(async () => {
    service = await Service.open({
      APPROVAL_ABOVE: '2',
      CONFIRM_ABOVE: '2',
      LAUNCH_REGRET_SECONDS: '2',
    });
    browser = await openBrowser(service);
    maker = await arriveAsStaff(browser, service, 'marketer');
    page = maker.page;
    keys = new Keyboard(page);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
  const press = (name: string | RegExp) => keys.press(page.getByRole('button', { name }).first());

  it('starts with the topics, which an administrator makes', async () => {
    const admin = await arriveAsStaff(browser, service, 'admin');
    const hands = new Keyboard(admin.page);
    await admin.open('/app');
    await hands.press(admin.page.getByRole('link', { name: 'Gör det nu: Ämnen' }));
    await hands.press(admin.page.getByRole('button', { name: 'Lägg till ämne' }).first());
    const dialog = admin.page.getByRole('dialog');
    await hands.type(dialog.getByLabel('Namn på svenska'), 'Nyhetsbrev');
    await hands.type(dialog.getByLabel('Namn på engelska'), 'Newsletter');
    await hands.tick(dialog.getByLabel('Ändamålet är bedömt i dag'));
    await hands.press(dialog.getByRole('button', { name: 'Lägg till ämne' }));
    await dialog.waitFor({ state: 'detached' });
    await admin.leave();
  });

  it('takes in people who have agreed, from a file as Swedish Excel writes it', async () => {
    await maker.open('/app');
    await keys.press(page.getByRole('link', { name: 'Gör det nu: Importera' }));
    await keys.press(page.getByRole('link', { name: 'Importera en fil' }));
    await keys.pickFile(page.getByLabel('Välj en CSV-fil'), {
      name: 'kunder.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(CSV, 'latin1'),
    });
    await press('Läs filen');
    await press('Fortsätt');
    await heading('Med vilken rätt');
    await keys.tick(page.getByLabel('Nyhetsbrev'));
    await keys.tick(page.getByLabel('Alla i filen har samtyckt'));
    await keys.type(page.getByLabel('Var beviset finns'), 'Avtal 17');
    await keys.day(page.getByLabel('När de samtyckte'), '2026-01-02');
    await keys.tick(page.getByLabel('De har informerats'));
    await keys.day(page.getByLabel(/^När\s*\*?$/), '2026-01-02');
    await press('Fortsätt');
    await press('Importera 3 rader');
    await page.getByText('Importen är klar.').waitFor();
  });

  it('copies a template and makes it the house’s own', async () => {
    await maker.open('/app/mallar');
    await press('Kopiera Enkel text');
    await keys.type(page.getByLabel('Mallens namn'), 'Vårt brev');
    await keys.type(page.getByLabel('Ämnesrad'), 'Hej från Lärkraft');
    await press('Spara');
    await page.getByText('Mallen är sparad.').first().waitFor();
  });

  it('plans a campaign from it, and a second person approves exactly that', async () => {
    await maker.open('/app/utskick');
    await press('Nytt utskick');
    const dialog = page.getByRole('dialog');
    await keys.type(dialog.getByLabel('Namn'), 'Första brevet');
    await keys.choose(dialog.getByLabel('Börja med'), 'Vårt brev');
    await keys.choose(dialog.getByLabel('Ämne', { exact: true }), 'Nyhetsbrev');
    await keys.press(dialog.getByRole('button', { name: 'Skapa utkastet' }));
    await page.getByText('Får det', { exact: true }).waitFor();
    await press('Granska och skicka');
    await page.getByText('Skicka ”Hej från Lärkraft” till 3 personer').waitFor();
    await press('Be om godkännande');
    await page.getByText('Det väntar på att en annan person godkänner det').waitFor();

    const second = await arriveAsStaff(browser, service, 'approver');
    const other = new Keyboard(second.page);
    await second.open('/app/utskick?visa=awaiting_approval');
    await other.press(second.page.getByRole('link', { name: 'Första brevet' }));
    await other.press(second.page.getByRole('button', { name: 'Granska och skicka' }).first());
    await other.press(second.page.getByRole('button', { name: 'Godkänn utskicket' }));
    await second.page.getByLabel('Skriv 3 för att bekräfta').waitFor();
    await second.leave();
  });

  it('sends it after a last chance to regret, and shows how it went', async () => {
    await page.reload();
    await keys.type(page.getByLabel('Skriv 3 för att bekräfta'), '3');
    await press('Skicka till 3 personer nu');
    await heading('Utskicket skickas strax');
    expect(await service.mailbox('asa@exempel.example')).toEqual([]);
    await keys.press(page.getByRole('link', { name: /apport/ }));
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
