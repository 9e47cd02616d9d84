import type { Browser, Page } from 'playwright-core';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { Organisations } from '../../src/features/contacts/organisations.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { faults, openBrowser, overflow } from './browser';
import { arriveAsStaff } from './staff';
import { World } from './world';

const WAIT = 10_000;

describe('writing a draft', () => {
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    world = await World.open();
    const organisations = world.service.get(Organisations);
    for (const name of ['Fjällkraft AB', 'Fjordvind AB', 'Åkerlund & Co'])
      await organisations.put(name, { name }, OPERATOR);
    browser = await openBrowser(world.service);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.service.close();
  });

  const draft = async (): Promise<string> => {
    const fields = { name: 'Vårens kurser', topicId: world.topicIds[0], templateKey: 'enkel' };
    return (await world.service.get(Campaigns).create(fields, OPERATOR)).id;
  };
  const saved = (page: Page) => page.getByText(/^Sparat .* av Förnamn/).waitFor({ timeout: WAIT });

  it('begins with a template in one click, where there is nothing yet', async () => {
    const visitor = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/utskick');
    await page.getByRole('heading', { name: 'Skapa ditt första utskick' }).waitFor();
    const cards = page.getByRole('button', { name: /^Använd mallen / });
    await cards.nth(2).waitFor();
    await page.locator('iframe').nth(2).waitFor({ state: 'attached' });
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Använd mallen Nyhetsbrev' }).click();
    await page.getByRole('heading', { name: 'Nyhetsbrev', level: 1 }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    const { templateKey, state, blocks } = await world.service.get(Campaigns).get(id);
    expect({ templateKey, state }).toEqual({ templateKey: 'nyhetsbrev', state: 'draft' });
    expect(blocks).not.toHaveLength(0);
    await visitor.leave();

    const reader = await arriveAsStaff(browser, world.service, 'reader');
    await reader.open('/app/utskick?q=finns-inte');
    await reader.page.getByText('Inget utskick passar sökningen').waitFor();
    expect(await reader.page.getByRole('button', { name: /Använd mallen/ }).count()).toBe(0);
    await reader.leave();
  });

  it('narrows the audience to companies found as one types, by keyboard, and names them', async () => {
    const id = await draft();
    const visitor = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${id}`);
    const field = page.getByRole('combobox', { name: 'Bara vissa företag' });
    await field.focus();
    await page.keyboard.type('fj');
    await page.getByRole('option', { name: 'Åkerlund & Co' }).waitFor({ state: 'detached' });
    await page.getByRole('option', { name: 'Fjällkraft AB' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.type('ä');
    await page.getByRole('option', { name: 'Fjordvind AB' }).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('åker');
    await page.getByRole('option', { name: 'Fjällkraft AB' }).waitFor({ state: 'detached' });
    await page.getByRole('option', { name: 'Åkerlund & Co' }).click();
    await page.keyboard.press('Escape');
    await saved(page);
    const { audience } = await world.service.get(Campaigns).get(id);
    expect(audience.organisationIds).toHaveLength(2);

    await page.reload();
    await page.getByText('Fjällkraft AB', { exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);
    await field.focus();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await page.getByText('Åkerlund & Co', { exact: true }).waitFor({ state: 'hidden' });
    await saved(page);
    await visitor.open('/app/utskick');
    await page.getByText('De som har valt Nyhetsbrev · Fjällkraft AB').waitFor();
    await visitor.leave();
  });

  it('says who else is editing, in the checklist and in the editor, and who has left', async () => {
    const id = await draft();
    const [mine, theirs] = [
      await arriveAsStaff(browser, world.service, 'marketer'),
      await arriveAsStaff(browser, world.service, 'approver'),
    ];
    await theirs.open(`/app/utskick/${id}/innehall`);
    await theirs.page.getByText('Det du skriver sparas av sig självt.').waitFor();
    await mine.open(`/app/utskick/${id}`);
    const notice = mine.page.getByText('Förnamn Efternamn redigerar också just nu.');
    await notice.waitFor();
    expect(await notice.getAttribute('role')).toBe('status');
    expect(await faults(mine.page)).toEqual([]);

    await theirs.page.reload();
    await theirs.page.getByText('Förnamn Efternamn redigerar också just nu.').waitFor();
    await theirs.leave();
    await world.service.db.query(
      `UPDATE campaign_editor SET seen_at = seen_at - interval '1 minute'`,
    );
    await Promise.all([mine.page.waitForResponse(/\/editors$/), mine.page.reload()]);
    await mine.page.getByRole('textbox', { name: 'Ämnesrad' }).waitFor();
    expect(await notice.count()).toBe(0);
    const left = await world.service.db.query(`SELECT FROM campaign_editor`);
    expect(left).toHaveLength(1);
    await mine.leave();
  });

  it('has no sideways scroll, 320 px wide and dark', async () => {
    const id = await draft();
    const visitor = await arriveAsStaff(browser, world.service, 'marketer', {
      viewport: { width: 320, height: 800 },
      colorScheme: 'dark',
    });
    const { page } = visitor;
    await visitor.open(`/app/utskick/${id}`);
    await page.getByRole('combobox', { name: 'Bara vissa företag' }).click();
    await page.getByRole('option', { name: 'Fjällkraft AB' }).click();
    await page.keyboard.press('Escape');
    expect(await faults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await visitor.leave();
  });
});
