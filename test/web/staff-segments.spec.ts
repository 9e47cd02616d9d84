import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { CountSegments } from '../../src/features/segments/count-segments';
import { newId } from '../../src/platform/ids';
import { type Caller, logIn } from '../setup/callers';
import { Service } from '../setup/service';
import { openBrowser } from './browser';
import { Keyboard } from './keyboard';
import { arriveAsStaff } from './staff';

describe('segments in the staff web app', () => {
  let service: Service;
  let browser: Browser;
  let marketer: Caller;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    marketer = await logIn(service, 'marketer');
    const people = await service.people(
      topicId,
      ['Anna', 'Bo', 'Cia', 'Dan'].map((firstName) => ({
        email: `${firstName.toLowerCase()}@exempel.example`,
        firstName,
      })),
    );
    const [anna, bo, cia] = people as [string, string, string];
    await service.db.query(`UPDATE contact SET city = 'Malmö' WHERE id = ANY ($1)`, [[anna, bo]]);
    const first = await course('Spanska A1');
    const second = await course('Spanska A2');
    for (const id of [anna, bo, cia]) await learn(id, 'completed', first);
    await learn(bo, 'started', second);
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  async function course(name: string): Promise<string> {
    const answer = await fetch(`${service.url}/api/v1/courses/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...marketer.headers },
      body: JSON.stringify({ name, subject: 'Spanska' }),
    });
    return ((await answer.json()) as { id: string }).id;
  }

  const learn = (contactId: string, kind: string, courseId: string) =>
    service.db.query(
      `INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
       VALUES ($1, $2, $3, $4, now(), now())`,
      [newId(), contactId, courseId, kind],
    );

  const made = async (name: string, tree: object): Promise<string> => {
    const answer = await fetch(`${service.url}/api/v1/segments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...marketer.headers },
      body: JSON.stringify({ name, tree }),
    });
    return ((await answer.json()) as { id: string }).id;
  };

  const rule = (page: Page, number: string | number) =>
    page.getByRole('group', { name: `regel ${number}`, exact: true });
  const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();
  const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

  it('asks without a mouse who lives in Malmö, completed one course and did not begin the next; saves and freezes it', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    const keyboard = new Keyboard(page);
    const learning = async (number: number, how: string, event: string, name: string) => {
      await keyboard.press(page.getByRole('button', { name: 'Lägg till regel' }));
      const fields = rule(page, number);
      // Its first letter: what is not on the keyboard of the machine would go to the last text field.
      await keyboard.choose(fields.getByLabel('Vad'), 'L');
      if (how !== 'har') await keyboard.choose(fields.getByLabel('Hur'), how);
      const events = fields.getByRole('combobox', { name: 'Gjort' });
      await keyboard.to(events);
      await page.keyboard.press('Backspace');
      await page.keyboard.type(event);
      await pick(page, event);
      const courses = fields.getByRole('combobox', { name: 'Kurser' });
      await keyboard.to(courses);
      await page.keyboard.type(name);
      await pick(page, name);
      return fields;
    };

    await visitor.open('/app/malgrupper');
    await shows(page, 'Inga målgrupper än');
    await keyboard.press(page.getByRole('link', { name: 'Ny målgrupp' }));
    await heading(page, 'Ny målgrupp');
    await keyboard.type(page.getByRole('textbox', { name: 'Namn', exact: true }), 'Redo för A2');
    await keyboard.type(rule(page, 1).getByLabel('Värde'), 'Malmö');
    const done = await learning(2, 'har', 'gått klart', 'Spanska A1');
    await keyboard.choose(done.getByRole('combobox', { name: 'När' }), 'de senaste');
    await shows(page, '2 personer');
    await learning(3, 'har inte', 'påbörjat', 'Spanska A2');
    await shows(page, /^1 person$/);
    await shows(
      page,
      'Personer som har orten ”Malmö” och har gått klart ”Spanska A1” de senaste 12 månaderna och inte har påbörjat ”Spanska A2”.',
    );
    await page.getByRole('link', { name: 'Anna' }).waitFor();
    await shows(page, 'Frågan är profilering. Ingen har sagt nej till det.');
    await keyboard.choose(page.getByLabel('Om de ska få ett utskick om'), 'Nyhetsbrev');
    await shows(page, 'Får det');

    // The rule that is moved keeps the focus, and the one before it is what it was.
    await keyboard.press(page.getByRole('button', { name: 'Flytta upp regel 3' }));
    await shows(page, /Malmö” och inte har påbörjat .* och har gått klart/);
    await page.locator('button[aria-label="Flytta upp regel 2"]:focus').waitFor();

    await keyboard.press(page.getByRole('button', { name: 'Spara' }));
    await heading(page, 'Redo för A2');
    await shows(page, 'Allt är sparat');
    await service.get(CountSegments).run();
    await keyboard.press(page.getByRole('button', { name: 'Frys' }));
    await page.keyboard.press('Tab');
    await keyboard.type(
      page.getByRole('textbox', { name: 'Namn på den frusna' }),
      'Redo i november',
    );
    await page.keyboard.press('Enter');
    await heading(page, 'Redo i november');
    await shows(page, 'Målgruppen är frusen');
    await visitor.leave();
  });

  /** What the list unfolded shows, by its arrow. */
  async function pick(page: Page, name: string): Promise<void> {
    await page.getByRole('option', { name }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }

  it('shows how it grew, why somebody is in it, and by whom it is used', async () => {
    const inner = await made('I Malmö', {
      match: 'all',
      rules: [{ field: 'city', op: 'is', value: 'Malmö' }],
    });
    await made('Bygger på', {
      match: 'all',
      rules: [{ field: 'segment', op: 'one_of', value: [inner] }],
    });
    await service.get(CountSegments).run();
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/malgrupper/${inner}`);
    await shows(page, 'Sedan i natt har 0 kommit till och 0 försvunnit.');
    await page.getByText('Visa som tabell').click();
    await page.getByRole('cell', { name: '2', exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Vem' }).fill('Cia');
    await page.getByRole('option', { name: 'Cia' }).click();
    await shows(page, 'Är inte med.');
    await page.getByLabel('Stämmer inte:').waitFor();
    await shows(page, 'Den kan inte arkiveras så länge den används av ”Bygger på”.');
    await visitor.open('/app/malgrupper?q=Bygger');
    await page.getByRole('link', { name: 'Bygger på' }).waitFor();
    expect(await page.getByRole('link', { name: 'I Malmö', exact: true }).count()).toBe(0);
    await visitor.leave();
  });

  it('says which rule empties it, and what is wrong with a rule at the rule', async () => {
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open('/app/malgrupper/ny');
    await page.getByRole('textbox', { name: 'Namn', exact: true }).fill('Fel');
    await page.getByRole('button', { name: 'Spara' }).click();
    await shows(page, 'Rätta det som är markerat i reglerna.');
    await rule(page, 1).getByText('Fyll i något här.').waitFor();
    await rule(page, 1).getByLabel('Värde').fill('Ingenstans');
    await page.getByRole('button', { name: 'Lägg till regel' }).click();
    await rule(page, 2).getByLabel('Värde').fill('Malmö');
    await shows(page, 'Ingen passar in');
    await shows(page, 'Den regel som ingen passar in på tömmer målgruppen.');
    await shows(page, 'Personer som har orten ”Ingenstans”: 0');
    await page.getByRole('button', { name: 'Ta bort regel 1' }).click();
    await shows(page, '2 personer');
    await visitor.leave();
  });

  it('keeps what two people wrote at the same time until one of them chooses', async () => {
    const tree = { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Malmö' }] };
    const id = await made('Tillsammans', tree);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/malgrupper/${id}`);
    await page.getByRole('textbox', { name: 'Namn', exact: true }).fill('Mitt namn');
    await fetch(`${service.url}/api/v1/segments/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...marketer.headers },
      body: JSON.stringify({ version: 1, name: 'Deras namn' }),
    });
    await page.getByRole('button', { name: 'Spara' }).click();
    await shows(page, /Någon annan sparade en ändring/);
    await page.getByRole('button', { name: 'Spara mitt ovanpå' }).click();
    await heading(page, 'Mitt namn');
    await shows(page, 'Allt är sparat');
    await visitor.leave();
  });

  it('tells what was learned month by month, as a table and a file, and not what could be somebody', async () => {
    await service.db.query(
      `INSERT INTO learning_month (month, course_id, organisation_id, kind, events)
       VALUES ('2026-10-01', $1, $1, 'enrolled', 12), ('2026-10-01', $1, $1, 'completed', 4)
       ON CONFLICT DO NOTHING`,
      [newId()],
    );
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await page.clock.setFixedTime('2026-11-23T12:00:00Z');
    await visitor.open('/app/malgrupper');
    await page.getByRole('link', { name: 'Trender' }).click();
    await page.getByRole('row', { name: '2026-10 12 färre än 5' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Hämta som CSV' }).click(),
    ]);
    const file = readFileSync(await download.path(), 'utf8');
    expect(file).toContain('"2026-10";"12";"färre än 5"\r\n');
    await visitor.leave();
  });

  it('lets a reader read and do nothing else, and shows them nobody', async () => {
    const tree = { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Malmö' }] };
    await made('Att läsa', tree);
    const visitor = await arriveAsStaff(browser, service, 'reader');
    const { page } = visitor;
    await visitor.open('/app/malgrupper');
    await page.getByRole('link', { name: 'Att läsa' }).click();
    await heading(page, 'Att läsa');
    await shows(page, '2 personer');
    await shows(page, 'Personer som har orten ”Malmö”.');
    expect(await page.getByText('Några av dem').count()).toBe(0);
    expect(await page.getByText('De är:').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Spara|Frys|Arkivera|Lägg till/ }).count()).toBe(
      0,
    );
    await visitor.open('/app/malgrupper/ny');
    await heading(page, 'Du får titta på målgrupper men inte göra nya');
    await visitor.leave();
  });
});
