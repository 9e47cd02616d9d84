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

  const draft = async (edits: object = {}): Promise<string> => {
    const topicId = world.topicIds[0];
    const fields = { name: 'Vårens kurser', topicId, templateKey: 'enkel', ...edits };
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

  it('moves a block by dragging it, says where it came, and lets go of it on Escape', async () => {
    const id = await draft({ templateKey: 'nyhetsbrev' });
    const visitor = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${id}/innehall`);
    const grips = page.locator('.block-grip');
    await grips.nth(2).waitFor();
    const order = () => page.locator('.block-choice').allInnerTexts();
    const before = await order();
    const lift = async (from: number, to: number) => {
      await grips.nth(from).hover();
      await page.mouse.down();
      const row = (await page.locator('.block-list > li').nth(to).boundingBox())!;
      await page.mouse.move(row.x + 5, row.y + row.height - 2, { steps: 5 });
    };
    await lift(0, 2);
    await page.locator('.block-list > li[data-drag="after"]').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await order()).toEqual(before);

    await lift(0, 2);
    await page.mouse.up();
    await page.getByText(/ flyttad till plats 3 av /).waitFor({ state: 'attached' });
    expect(await order()).toEqual([before[1], before[2], before[0], ...before.slice(3)]);
    await page.getByText(/^Sparat/).waitFor({ timeout: WAIT });
    expect(await faults(page)).toEqual([]);
    await visitor.leave();
  });

  it('explains a word where one hesitates, by keyboard, and gives the place back', async () => {
    const id = await draft();
    const visitor = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${id}`);
    const help = page.getByRole('button', { name: 'Vad betyder det? Ämne och mottagare' });
    await help.focus();
    await page.keyboard.press('Enter');
    const words = page.getByText('Ämnet är det som personen har sagt ja till');
    await words.waitFor();
    await page.waitForFunction(`document.activeElement.innerText.includes('sagt ja till')`);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await words.waitFor({ state: 'hidden' });
    await page.waitForFunction(`document.activeElement.ariaLabel?.startsWith('Vad betyder det?')`);
    await visitor.leave();
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
