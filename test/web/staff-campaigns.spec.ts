import type { Browser, Page } from 'playwright-core';
import { Approval } from '../../src/features/campaigns/approval';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { Segments } from '../../src/features/segments/segments.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { faults, openBrowser, overflow } from './browser';
import { arriveAsStaff } from './staff';
import { World } from './world';

const WAIT = 10_000;

const living = (city: string) => ({
  match: 'all',
  rules: [{ field: 'city', op: 'is', value: city }],
});

describe('planning and sending a campaign', () => {
  let world: World;
  let browser: Browser;
  const people = Array.from({ length: 6 }, (_, n) => `kund${n}@exempel.example`);

  beforeAll(async () => {
    world = await World.open({
      APPROVAL_ABOVE: '5',
      CONFIRM_ABOVE: '5',
      LAUNCH_REGRET_SECONDS: '60',
    });
    await world.service.people(
      world.topicIds[0]!,
      people.map((email) => ({ email })),
    );
    browser = await openBrowser(world.service);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.service.close();
  });

  const draft = async (edits: object = {}): Promise<string> => {
    const fields = { name: 'Vårens kurser', topicId: world.topicIds[0], templateKey: 'enkel' };
    const { id } = await world.service
      .get(Campaigns)
      .create({ ...fields, subject: 'Kurser', ...edits }, OPERATOR);
    return id;
  };
  const campaign = (id: string) => world.service.get(Campaigns).get(id);
  const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();
  const saved = (page: Page) => page.getByText(/^Sparat .* av Förnamn/).waitFor({ timeout: WAIT });

  it('goes from an idea by way of a checklist and a second person to everybody, and back before it has left', async () => {
    const maker = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = maker;
    await maker.open('/app/utskick');
    await heading(page, 'Skapa ditt första utskick');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Nytt utskick' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Namn').fill('Höstens kurser');
    await dialog.getByLabel('Börja med').selectOption('enkel');
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Skapa utkastet' }).click();

    await heading(page, 'Avsändare');
    await page.getByText('Välj vilket ämne utskicket hör till.').waitFor();
    await page.getByLabel('Ämne', { exact: true }).selectOption({ label: 'Nyhetsbrev' });
    await page.getByRole('textbox', { name: 'Ämnesrad' }).fill('Hösten är här');
    await saved(page);
    await page.getByText('Får det', { exact: true }).waitFor();
    await page.getByText('Välj vilket ämne utskicket hör till.').waitFor({ state: 'detached' });
    expect(await faults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Granska och skicka' }).first().click();
    await page.getByText('Skicka ”Hösten är här” till 6 personer').waitFor();
    await page.getByTitle('Mejlet som Kim får det').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Be om godkännande' }).click();
    await page.getByText('Det väntar på att en annan person godkänner det').waitFor();
    const id = new URL(page.url()).pathname.split('/')[3]!;

    const second = await arriveAsStaff(browser, world.service, 'approver');
    await second.open('/app/utskick?visa=awaiting_approval');
    await second.page.getByRole('link', { name: 'Höstens kurser' }).click();
    await second.page.getByRole('button', { name: 'Granska och skicka' }).first().click();
    await second.page.getByRole('button', { name: 'Godkänn utskicket' }).click();
    const number = second.page.getByLabel('Skriv 6 för att bekräfta');
    await number.waitFor();
    await second.leave();

    await page.reload();
    const send = page.getByRole('button', { name: 'Skicka till 6 personer nu' });
    await page.getByLabel('Skriv 6 för att bekräfta').fill('7');
    await page.getByText('Det är inte så många som får det.').waitFor();
    expect(await send.isDisabled()).toBe(true);
    await page.getByLabel('Skriv 6 för att bekräfta').fill('6');
    await send.click();
    await heading(page, 'Utskicket skickas strax');
    expect(await page.evaluate('document.activeElement.textContent')).toBe(
      'Utskicket skickas strax',
    );
    expect(await faults(page)).toEqual([]);
    expect((await campaign(id)).state).toBe('launching');
    await page.getByRole('button', { name: 'Ångra' }).click();
    await page.getByText('Utskicket är ett utkast igen. Ingenting har skickats.').waitFor();
    expect((await campaign(id)).state).toBe('draft');
    expect(await world.service.mailbox(people[0])).toEqual([]);
    await maker.leave();
  });

  it('lets two who write at the same time choose, and loses nothing of either', async () => {
    const id = await draft();
    const [mine, theirs] = [
      await arriveAsStaff(browser, world.service, 'marketer'),
      await arriveAsStaff(browser, world.service, 'approver'),
    ];
    const subject = (page: Page) => page.getByRole('textbox', { name: 'Ämnesrad' });
    for (const visitor of [mine, theirs]) {
      await visitor.open(`/app/utskick/${id}`);
      await subject(visitor.page).waitFor();
    }
    await subject(theirs.page).fill('Deras rad');
    await saved(theirs.page);
    await subject(mine.page).fill('Min rad');
    const choice = mine.page.getByRole('alert');
    await choice.getByText('Förnamn Efternamn sparade en ändring').waitFor({ timeout: WAIT });
    expect(await faults(mine.page)).toEqual([]);
    expect((await campaign(id)).subject).toBe('Deras rad');
    await choice.getByRole('button', { name: 'Spara mina ändringar ovanpå' }).click();
    await choice.waitFor({ state: 'detached' });
    expect((await campaign(id)).subject).toBe('Min rad');

    await mine.page.getByRole('button', { name: 'Historik' }).click();
    await mine.page.getByRole('button', { name: 'Gå tillbaka till version 2' }).click();
    await mine.page.getByText('Version 2 gäller igen.').waitFor();
    expect(await subject(mine.page).inputValue()).toBe('Deras rad');
    await mine.leave();
    await theirs.leave();
  });

  it('is narrowed to people in some segments and not in others, and says so until after it has left', async () => {
    const { service } = world;
    await service.db.query(
      `UPDATE contact SET city = 'Malmö' FROM address a
       WHERE a.contact_id = contact.id AND a.canonical = ANY ($1)`,
      [people.slice(0, 2)],
    );
    const segments = service.get(Segments);
    const malmo = await segments.create({ name: 'Malmöbor', tree: living('Malmö') }, OPERATOR);
    const lund = await segments.create({ name: 'Lundabor', tree: living('Lund') }, OPERATOR);
    const id = await draft({ name: 'Till Malmö' });
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${id}`);
    const choose = async (label: string, name: string) => {
      await page.getByLabel(label).first().click();
      await page.getByRole('option', { name }).click();
      await page.keyboard.press('Escape');
    };
    await choose('Bara vissa målgrupper', 'Malmöbor');
    await page.getByText('Personer som har orten ”Malmö”').waitFor();
    await page.getByText('är inte med i målgrupperna').waitFor({ timeout: WAIT });
    await choose('Men inte målgrupperna', 'Lundabor');
    await page.getByText('Personer som har orten ”Lund”').waitFor();
    await saved(page);
    expect(await faults(page)).toEqual([]);
    expect((await campaign(id)).audience.segments).toEqual({
      include: [malmo.id],
      exclude: [lund.id],
    });

    const inWords = page.getByText('med i ”Malmöbor” · inte med i ”Lundabor”');
    await page.getByRole('button', { name: 'Granska och skicka' }).first().click();
    await page.getByText('Skicka ”Kurser” till 2 personer').waitFor();
    await inWords.waitFor();
    expect(await faults(page)).toEqual([]);
    await service.get(LaunchCampaign).start(id, OPERATOR, { atOnce: true });
    await service.settled(id);
    await segments.update(
      malmo.id,
      { version: 1, name: 'Ystadbor', tree: living('Ystad') },
      OPERATOR,
    );
    await visitor.open(`/app/utskick/${id}/rapport`);
    await inWords.waitFor();
    await page.getByText('Personer som har orten ”Malmö”').waitFor();
    expect(await faults(page)).toEqual([]);
    await visitor.leave();
  });

  it('says that a segment has been changed since it was approved', async () => {
    const { service } = world;
    const segments = service.get(Segments);
    const all = await segments.create(
      { name: 'Alla', tree: { match: 'none', rules: living('Ystad').rules } },
      OPERATOR,
    );
    const audience = { segments: { include: [all.id] } };
    const id = await draft({ name: 'Godkänt', audience, sendAtLocal: '2030-01-07T09:00' });
    const visitor = await arriveAsStaff(browser, service, 'approver');
    const { page } = visitor;
    await service.get(Approval).approve(id, OPERATOR, 6);
    await segments.update(all.id, { version: 1, tree: living('Malmö') }, OPERATOR);
    await visitor.open(`/app/utskick/${id}`);
    await page.getByText('Det skickas inte förrän det har godkänts igen').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Granska och skicka' }).first().click();
    await page.getByText('Det behöver godkännas igen').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Ta tillbaka till utkast' }).click();
    await page
      .getByRole('button', { name: 'Schemalägg till 2 personer' })
      .waitFor({ timeout: WAIT });
    await visitor.leave();
  });

  it('shows a reader everything and lets them change nothing', async () => {
    const id = await draft();
    const visitor = await arriveAsStaff(browser, world.service, 'reader');
    const { page } = visitor;
    await visitor.open('/app/utskick');
    await page.getByRole('link', { name: 'Vårens kurser' }).first().waitFor();
    expect(await page.getByRole('button', { name: /Nytt utskick|Duplicera/ }).count()).toBe(0);
    await visitor.open(`/app/utskick/${id}`);
    await heading(page, 'Avsändare');
    expect(await page.getByRole('textbox', { name: 'Ämnesrad' }).isDisabled()).toBe(true);
    await visitor.open(`/app/utskick/${id}/granska`);
    await page.getByText('Du får titta på utskicket men inte skicka det').waitFor();
    await page.getByTitle('Mejlet som en påhittad person får det').waitFor();
    expect(
      await page.getByRole('button', { name: /Skicka|Godkänn|Be om|Ta tillbaka/ }).count(),
    ).toBe(0);
    await visitor.leave();
  });

  it('can be done with the keyboard alone', async () => {
    const visitor = await arriveAsStaff(browser, world.service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/utskick');
    const create = page.getByRole('button', { name: 'Nytt utskick' }).first();
    await create.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.getByRole('dialog').getByLabel('Namn').waitFor();
    await page.waitForFunction(`document.activeElement.tagName === 'INPUT'`);
    await page.keyboard.type('Utan mus');
    await page.keyboard.press('Enter');
    await heading(page, 'Avsändare');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.getByLabel('Vid en bestämd tid').focus();
    await page.keyboard.press('Space');
    await page.getByText(/^Skickas .* kl\. 09:00 \(Stockholm\)\.$/).waitFor({ timeout: WAIT });
    await visitor.leave();
  });

  it.each(['light', 'dark'] as const)(
    'has no faults axe finds and no sideways scroll, 320 px wide, %s',
    async (colorScheme) => {
      const id = await draft({ sendAtLocal: '2030-01-07T09:00' });
      const visitor = await arriveAsStaff(browser, world.service, 'marketer', {
        viewport: { width: 320, height: 800 },
        colorScheme,
      });
      const { page } = visitor;
      for (const [path, text] of [
        ['/app/utskick', 'Vårens kurser'],
        [`/app/utskick/${id}`, 'Får det'],
        [`/app/utskick/${id}/granska`, 'Får det'],
      ] as const) {
        await visitor.open(path);
        await page.getByText(text, { exact: true }).first().waitFor();
        expect(await faults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await visitor.leave();
    },
  );
});
