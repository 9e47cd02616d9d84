import type { Browser } from 'playwright-core';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, until } from '../setup/service';
import { faults, openBrowser, overflow, Visitor } from './browser';
import { arriveAsStaff } from './staff';

describe('watching and understanding a campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let browser: Browser;
  let topicId: string;
  let campaignId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '5',
      SEND_CONCURRENCY: '1',
    });
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await stub.stop();
  });

  const report = (id = campaignId) => `/app/utskick/${id}/rapport`;

  async function sendSlowly(delayMs: number): Promise<string> {
    stub.mode = { kind: 'accept', delayMs };
    const id = await service.launch(topicId);
    await until(async () => ((await service.counts(id).catch(() => null))?.audience ?? 0) > 0);
    return id;
  }

  it('leads a new installation to its first campaign, step by step', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app');
    const steps = page.getByRole('region', { name: 'Kom igång' }).getByRole('listitem');
    await steps.first().waitFor();
    const words = await steps.allInnerTexts();
    expect(words.map((text) => /Klart|Kvar/.exec(text)![0])).toEqual([
      'Kvar',
      'Klart',
      'Kvar',
      'Kvar',
      'Kvar',
    ]);
    await page.getByRole('link', { name: 'Gör det nu: Importera' }).waitFor();
    // Topics are for others to make.
    expect(await page.getByRole('link', { name: 'Gör det nu: Ämnen' }).count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await visitor.leave();
  });

  it('shows how it goes, and stops and goes on by keyboard', async () => {
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: 40 }, (_, n) => ({ email: `kund${n}@exempel.example` }));
    await service.people(topicId, people);
    campaignId = await sendSlowly(500);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(report());
    const now = page.getByRole('region', { name: 'Just nu' });
    await now.getByText(/av 40 har skickats/).waitFor();
    await now.getByRole('button', { name: 'Pausa' }).focus();
    await page.keyboard.press('Enter');
    await now.getByText('Ingenting skickas förrän någon återupptar utskicket.').waitFor();
    await until(async () => (await service.counts(campaignId)).buckets.in_flight === 0);
    const { accepted } = (await service.counts(campaignId)).buckets;
    expect(accepted).toBeLessThan(40);
    await now.getByText(`${accepted} av 40 har skickats`).waitFor();
    expect(await now.getByRole('status').innerText()).toMatch(/^Pausat: \d0? procent/);
    expect(await faults(page)).toEqual([]);
    await now.getByRole('button', { name: 'Återuppta' }).focus();
    await page.keyboard.press('Enter');
    await now.waitFor({ state: 'detached', timeout: 20_000 });
    await page.getByText(/^Skickat\. Startade/).waitFor();
    await page
      .getByRole('region', { name: 'Hur det gick' })
      .getByText('40', { exact: true })
      .waitFor();
    await visitor.leave();
  }, 60_000);

  it('says what has already gone before it is stopped for good', async () => {
    const id = await sendSlowly(1500);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(report(id));
    await until(async () => (await service.counts(id)).buckets.accepted >= 5);
    await page.getByRole('button', { name: 'Stoppa för gott' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stoppa utskicket för gott?' });
    await dialog.getByText(/har redan fått det, och det går inte att ta tillbaka/).waitFor();
    await dialog.getByRole('button', { name: 'Stoppa för gott' }).click();
    await page.getByText(/^Avbrutet\./).waitFor();
    await page.getByText('avbrutna innan de hann få det').waitFor();
    stub.mode = { kind: 'accept' };
    await visitor.leave();
  });

  it('counts somebody who leaves by the link of the mail, and says by which door', async () => {
    const [, token] = /\/u\/([\w-]+)/.exec(JSON.stringify(stub.delivered[0]))!;
    const recipient = await Visitor.arrive(browser, service);
    await recipient.open(`/u/${token}`);
    await recipient.page
      .getByRole('button', { name: /Avsluta/ })
      .first()
      .click();
    await recipient.page.waitForLoadState();
    await recipient.leave();

    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(report());
    const doors = page.getByRole('region', { name: 'Så avregistrerade de sig' });
    await doors.getByText('via länken i mejlet').waitFor();
    await visitor.leave();
  });

  it('shows the links with the mail beside them, and lets nothing in it run', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(report());
    await page.getByRole('button', { name: 'Visa klicken på mejlet' }).click();
    const mail = page.getByTitle('Så såg det ut');
    await mail.waitFor();
    expect(await mail.getAttribute('sandbox')).toBe('');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`rapport-${campaignId}.csv`);
    await visitor.leave();
  });

  it('leads from a number to its people, for whoever may see people, and back', async () => {
    const id = await service.launch(topicId);
    await service.settled(id);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(report(id));
    await page
      .getByRole('link', { name: 'Visa vilka: har sagt nej från den här adressen' })
      .click();
    const people = page.getByRole('dialog');
    await people.getByText(/^kund\d+@exempel\.example$/).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await people.waitFor({ state: 'detached' });
    await visitor.leave();

    const reader = await arriveAsStaff(browser, service, 'reader');
    await reader.open(report(id));
    await reader.page.getByText('har sagt nej från den här adressen').waitFor();
    expect(await reader.page.getByText('Visa vilka').count()).toBe(0);
    await reader.leave();
  });

  it.each([1280, 320])(
    'has no faults axe finds and no sideways scroll, %i px wide',
    async (width) => {
      const visitor = await arriveAsStaff(browser, service, 'approver', {
        viewport: { width, height: 800 },
        colorScheme: width === 320 ? 'dark' : 'light',
      });
      const { page } = visitor;
      for (const path of ['/app', report()]) {
        await visitor.open(path);
        await page.getByText('Visa som tabell').waitFor();
        await page.locator('svg.recharts-surface').first().waitFor();
        await page.getByText('Visa som tabell').click();
        expect(await faults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await visitor.leave();
    },
  );
});
