import type { Browser } from 'playwright-core';
import { TextRecords } from '../../src/features/campaigns/check-domain';
import { png } from '../e2e/png';
import { PASSWORD } from '../setup/callers';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { arriveAsStaff } from './staff';
import { World } from './world';

const SECTIONS = [
  ['avsandare', 'Avsändare'],
  ['amnen', 'Ämnen'],
  ['formular', 'Formulär'],
  ['formular/nytt', 'Nytt formulär'],
  ['varumarke', 'Varumärke'],
  ['anvandare', 'Användare'],
  ['api-nycklar', 'API-nycklar'],
  ['mottagare', 'Utgående webhooks'],
  ['webhooks', 'Webhooks'],
  ['drift', 'Drift'],
] as const;

describe('the settings', () => {
  let world: World;
  let browser: Browser;
  let admin: Visitor;

  beforeAll(async () => {
    world = await World.open();
    // Nobody's DNS is asked in a test.
    jest.spyOn(world.service.get(TextRecords), 'at').mockResolvedValue([]);
    browser = await openBrowser(world.service);
    admin = await arriveAsStaff(browser, world.service, 'admin');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = async (path: string, heading: string, { page } = admin) => {
    await page.goto(`/app/installningar/${path}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const listOf = ({ page }: Visitor) =>
    page.getByRole('navigation', { name: 'Inställningar' }).getByRole('link').allInnerTexts();

  it('gives a new colleague a password once, and shows them only what is theirs', async () => {
    const { page } = admin;
    await open('anvandare', 'Användare');
    await page.getByRole('button', { name: 'Lägg till användare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Lägg till användare' });
    await dialog.getByRole('button', { name: 'Lägg till användare' }).click();
    await dialog.getByText('Välj minst en.').waitFor();
    await dialog.getByLabel('Namn').fill('Siri Sund');
    await dialog.getByLabel('E-post').fill('siri@larkraft.example');
    await dialog.getByRole('checkbox', { name: 'Marknadsförare' }).check();
    await dialog.getByRole('button', { name: 'Lägg till användare' }).click();
    const shown = page.getByRole('dialog', { name: 'Lösenord till Siri Sund' });
    const password = await shown.locator('code').innerText();
    await shown.getByRole('button', { name: 'Jag har sparat det' }).click();
    await page.getByRole('heading', { name: 'Siri Sund' }).waitFor();
    expect(await page.content()).not.toContain(password);

    const siri = await Visitor.arrive(browser, world.service);
    await siri.open('/app/installningar');
    await siri.page.getByLabel('E-post').fill('siri@larkraft.example');
    await siri.page.getByRole('textbox', { name: 'Lösenord' }).fill(password);
    await siri.page.keyboard.press('Enter');
    await siri.page.getByRole('heading', { level: 1, name: 'Avsändare' }).waitFor();
    expect(await listOf(siri)).toEqual(['Avsändare', 'Ämnen', 'Formulär', 'Mitt konto']);
    expect(await siri.page.getByRole('button', { name: 'Lägg till avsändare' }).count()).toBe(0);
    await siri.open('/app/installningar/anvandare');
    await siri.page.getByText('Det här hör inte till ditt arbete').waitFor();

    await page.getByRole('button', { name: 'Stäng av' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stäng av' }).click();
    await page.getByText('Avstängd').waitFor();
    await siri.page.reload();
    await siri.page.getByRole('heading', { name: 'Logga in' }).waitFor();
    await siri.leave();
  });

  it('makes a form that takes sign-ups at its own address', async () => {
    const { page } = admin;
    await open('formular/nytt', 'Nytt formulär');
    await page.getByLabel('Namn på svenska').fill('Kurstips för chefer');
    await page.getByLabel('Namn på engelska').fill('Tips for managers');
    await page.getByRole('button', { name: 'Nytt formulär' }).click();
    await page.getByText('Välj minst en.').waitFor();
    await page.getByRole('checkbox', { name: 'Kurstips' }).check();
    await page.getByRole('button', { name: 'Nytt formulär' }).click();
    await page.getByRole('heading', { level: 1, name: 'Kurstips för chefer' }).waitFor();
    expect(await page.getByRole('region', { name: 'koden på svenska' }).innerText()).toContain(
      '/signup/kurstips-for-chefer',
    );
    const form = await fetch(`${world.service.url}/signup/kurstips-for-chefer`);
    expect(await form.text()).toContain('Kurstips för chefer');
    expect(await faults(page)).toEqual([]);
  });

  it('shows an API key once, and never again', async () => {
    const { page } = admin;
    await open('api-nycklar', 'API-nycklar');
    await page.getByRole('button', { name: 'Ny API-nyckel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Namn').fill('Kursportalen');
    await dialog.getByRole('checkbox', { name: 'Läsa utskick' }).check();
    await dialog.getByRole('button', { name: 'Ny API-nyckel' }).click();
    const shown = page.getByRole('dialog', { name: 'Nyckeln Kursportalen' });
    const key = await shown.locator('code').innerText();
    await page.keyboard.press('Escape');
    await shown.getByRole('button', { name: 'Jag har sparat det' }).click();
    const headers = { authorization: `Bearer ${key}` };
    const campaigns = `${world.service.url}/api/v1/campaigns`;
    expect((await fetch(campaigns, { headers })).status).toBe(200);
    await page.reload();
    await page.getByText('Läsa utskick').waitFor();
    expect(await page.content()).not.toContain(key);

    await page.getByRole('button', { name: 'Spärra' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Spärra' }).click();
    await page.getByText('Spärrad').waitFor();
    expect((await fetch(campaigns, { headers })).status).toBe(401);
  });

  it('adds a receiver of webhooks, shows its secret once, and tells how a test of it went', async () => {
    const { page } = admin;
    await open('mottagare', 'Utgående webhooks');
    await page.getByRole('button', { name: 'Ny mottagare' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Adress').fill('http://kundregister.example/utskick');
    await dialog.getByRole('checkbox', { name: 'någon har sagt nej' }).check();
    await dialog.getByRole('button', { name: 'Ny mottagare' }).click();
    await dialog.getByText('Adressen måste börja med https.').waitFor();
    // Nobody listens there.
    await dialog.getByLabel('Adress').fill('http://localhost:9/utskick');
    await dialog.getByRole('button', { name: 'Ny mottagare' }).click();
    const shown = page.getByRole('dialog', { name: 'Hemligheten som anropen signeras med' });
    const secret = await shown.locator('code').innerText();
    expect(secret).toMatch(/^whsec_/);
    await shown.getByRole('button', { name: 'Jag har sparat det' }).click();

    await page.getByRole('button', { name: 'Skicka prov' }).click();
    await page.getByText('Kom inte fram (inget svar).').waitFor();
    await page.getByRole('button', { name: 'Visa logg' }).click();
    await page.getByRole('dialog').getByText('prov').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.content()).not.toContain(secret);
    expect(await faults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Ta bort' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ta bort' }).click();
    await page.getByText('Inga mottagare').waitFor();
  });

  it('says of a sender what is missing in DNS, and what to do about it', async () => {
    const { page } = admin;
    await open('avsandare', 'Avsändare');
    await page.getByRole('button', { name: 'Lägg till avsändare' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Namn').fill('Lärkraft kurser');
    await dialog.getByLabel('E-postadress').fill('inte en adress');
    await dialog.getByRole('button', { name: 'Lägg till avsändare' }).click();
    await dialog.getByText('Det ser inte ut som en e-postadress.').waitFor();
    await dialog.getByLabel('E-postadress').fill('kurser@larkraft.example');
    await dialog.getByRole('button', { name: 'Lägg till avsändare' }).click();
    await page.getByText('Standard', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Kontrollera larkraft.example nu' }).click();
    await page.getByText('DKIM är underskriften').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('takes a logo and a colour, but none that nobody could read', async () => {
    const { page } = admin;
    await open('varumarke', 'Varumärke');
    await page.getByLabel('Färg').fill('#ffcc00');
    await page.getByText('Det räcker inte').waitFor();
    await page.getByRole('button', { name: 'Spara' }).click();
    await page.getByText('Vit text går inte att läsa').waitFor();
    await page.getByLabel('Färg').fill('#7a1fa2');
    await page
      .getByLabel('Logotyp')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(120, 40) });
    await page.getByRole('img', { name: 'Logotypen som den är vald' }).waitFor();
    await page.getByRole('button', { name: 'Spara' }).click();
    await page.getByText('Sparat. Sidorna byter utseende').waitFor();
    const home = await (await fetch(`${world.service.url}/avsluta`)).text();
    expect(home).toContain('--go:#7a1fa2');
    expect(home).toContain('<img src="/brand/logo/');
    await admin.page.goto('/avsluta');
    expect(await faults(page)).toEqual([]);
  });

  it('lets what was stopped go on, once somebody has said what was done', async () => {
    const { page } = admin;
    const { db } = world.service;
    await db.query(
      `INSERT INTO channel_state (channel, refilled_at, held_because, held_at)
       VALUES ('email', now(), 'opt_out_page', now())`,
    );
    await db.query(
      `INSERT INTO incident (id, kind, opened_at, details)
       VALUES (gen_random_uuid(), 'equation_gap', now(), '{"runs": []}')`,
    );
    await open('drift', 'Drift');
    await page.getByRole('button', { name: 'Stäng händelsen' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stäng händelsen' });
    await dialog.getByRole('button', { name: 'Stäng händelsen' }).click();
    await dialog.getByText('Skriv något').waitFor();
    await dialog.getByLabel('Vad hittades och vad gjordes').fill('Räknat om: inget saknades.');
    await dialog.getByRole('button', { name: 'Stäng händelsen' }).click();
    await page.getByText('Räknat om: inget saknades.').waitFor();
    await page.getByText('avregistreringssidan fungerade inte').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Släpp på' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Släpp på' }).click();
    await page.getByText('Skickar', { exact: true }).waitFor();
  });

  it('finds anything from anywhere, by the keyboard alone', async () => {
    const { page } = admin;
    await world.mailTo(['kim@exempel.example']);
    await open('drift', 'Drift');
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: 'Sök kontakter, utskick och mallar' });
    await field.fill('höst');
    await page.getByRole('option', { name: 'Höstens kurser' }).waitFor();
    expect(await page.getByRole('status').allInnerTexts()).toContain('1 träff');
    expect(await faults(page)).toEqual([]);
    await field.fill('kim@exempel.example');
    await page.getByRole('group', { name: 'Kontakter' }).getByRole('option').waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    await field.fill('nyhetsbrev');
    await page.getByRole('option', { name: 'Nyhetsbrev' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/app/mallar/nyhetsbrev');
  });

  it('has no faults axe finds and no sideways scroll, at a desk and 320 px wide', async () => {
    const { page } = admin;
    for (const [path, heading] of SECTIONS) {
      await open(path, heading);
      const busy = page.getByRole('status').filter({ hasText: 'Hämtar' });
      await busy.first().waitFor({ state: 'detached' });
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 });
        expect([path, width, await faults(page)]).toEqual([path, width, []]);
        expect([path, width, await overflow(page)]).toEqual([path, width, 0]);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  }, 60_000);

  it('keeps a change of language with the account', async () => {
    const reader = await arriveAsStaff(browser, world.service, 'reader');
    await reader.open('/app/konto');
    await reader.page.getByText('English', { exact: true }).click();
    await reader.page.getByRole('heading', { name: 'My account' }).waitFor();
    const again = await Visitor.arrive(browser, world.service);
    await again.open('/app/konto');
    await again.page.getByLabel('E-post').fill('reader@larkraft.example');
    await again.page.getByRole('textbox', { name: 'Lösenord' }).fill(PASSWORD);
    await again.page.keyboard.press('Enter');
    await again.page.getByRole('heading', { name: 'My account' }).waitFor();
    await again.leave();
    await reader.leave();
  });
});
