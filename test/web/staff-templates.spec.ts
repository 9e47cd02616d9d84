import type { Browser, Locator, Page } from 'playwright-core';
import type { Block } from '../../src/domain/blocks/block';
import { Courses } from '../../src/features/contacts/learning/courses/courses.service';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { Templates } from '../../src/features/content/templates.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { Service, until } from '../setup/service';
import { faults, openBrowser, overflow } from './browser';
import { arriveAsStaff } from './staff';

/** Presses Tab until the thing is reached, as somebody without a mouse. */
async function tabTo(page: Page, goal: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await goal.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never came to ${String(goal)}`);
}

const heading = (text: string, id: string): Block => ({ id, type: 'heading', content: [{ text }] });
const EMPTY_CARD = {
  type: 'course' as const,
  kicker: '',
  picture: null,
  heading: '',
  text: [],
  link: null,
};
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });
const mail = (page: Page) => page.getByTitle('Förhandsvisning av mejlet');

/** Waits until the mail in the preview has these words. */
const shows = (page: Page, words: string): Promise<void> =>
  until(
    async () => (await mail(page).getAttribute('srcdoc'))?.includes(words) ?? false,
    10,
    `the preview of ${words}`,
  );

describe('writing what mails say', () => {
  let service: Service;
  let browser: Browser;

  beforeAll(async () => {
    service = await Service.open();
    browser = await openBrowser(service);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const template = async (name: string, blocks: Block[] = []): Promise<string> => {
    const { key } = await service.get(Templates).create({ name }, OPERATOR);
    if (blocks.length > 0) {
      // Past the lint, as what was saved before the lint knew better.
      await service.db.query('UPDATE template SET subject = $2, blocks = $3 WHERE key = $1', [
        key,
        'Hej',
        JSON.stringify(blocks),
      ]);
    }
    return key;
  };

  it('is done with blocks by keyboard alone, is seen as it will look, and can be taken back', async () => {
    const key = await template('Höstens kurser');
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/mallar/${key}`);
    await page.getByLabel('Ämnesrad').waitFor();
    await tabTo(page, page.getByLabel('Ämnesrad'));
    await page.keyboard.type('Höstens kurser är här');

    const add = async (kind: string) => {
      await tabTo(page, button(page, 'Lägg till block'));
      await page.keyboard.press('Enter');
      const choice = page.getByRole('dialog').getByRole('button', { name: kind, exact: true });
      await choice.waitFor();
      await tabTo(page, choice);
      await page.keyboard.press('Enter');
      await page.locator('#block-settings:focus').waitFor();
    };
    await add('Rubrik');
    // The editor of words comes when it is first needed.
    await page.getByRole('textbox', { name: 'Rubrik' }).waitFor();
    await tabTo(page, page.getByRole('textbox', { name: 'Rubrik' }));
    await page.keyboard.type('Nu börjar hösten');
    await shows(page, 'Nu börjar hösten');

    await tabTo(page, button(page, 'Lägg till block'), 'Shift+Tab');
    await add('Knapp');
    await tabTo(page, page.getByLabel('Vad knappen säger'));
    await page.keyboard.type('Se kurserna');
    await page.getByText('Länken saknar adress.').waitFor();
    await tabTo(page, page.getByLabel('Länk', { exact: true }));
    await page.keyboard.type('larkraft.example/kurser');
    await page.keyboard.press('Tab');
    await page
      .getByText('Inget att rätta.')
      .or(page.getByText('1 sak', { exact: true }))
      .waitFor();
    await shows(page, 'https://larkraft.example/kurser');

    await tabTo(page, button(page, /^Knapp Se kurserna/), 'Shift+Tab');
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('Knapp flyttad till plats 1 av 2').waitFor({ state: 'attached' });
    expect(await page.evaluate('document.activeElement.innerText')).toContain('Se kurserna');
    await page.keyboard.press('Control+z');
    const kinds = () => page.getByRole('listitem').locator('.block-choice').allInnerTexts();
    expect((await kinds())[0]).toContain('Nu börjar hösten');
    await page.keyboard.press('Control+Shift+z');
    expect((await kinds())[0]).toContain('Se kurserna');

    await tabTo(page, button(page, 'Spara'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Mallen är sparad.').waitFor();
    const saved = await service.get(Templates).get(key);
    expect(saved).toMatchObject({
      subject: 'Höstens kurser är här',
      version: 2,
      blocks: [
        { type: 'button', label: 'Se kurserna', url: 'https://larkraft.example/kurser' },
        { type: 'heading', content: [{ text: 'Nu börjar hösten' }] },
      ],
    });
    await visitor.leave();
  });

  it('puts a course of the catalogue on a card, or those that suit each reader, and says who gets none', async () => {
    const courses = [1, 2].map((level) => ({
      externalId: `excel-${level}`,
      name: `Excel ${level}`,
      subject: 'Excel',
      level,
      url: `https://kurser.example/excel-${level}`,
    }));
    await service.get(Courses).putMany(courses, OPERATOR);
    await service.people(await service.topic('kurstips'), [
      { email: 'malvina@exempel.example', firstName: 'Malvina' },
    ]);
    const key = await template('Kurser', [{ id: 'b1', ...EMPTY_CARD }]);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/mallar/${key}?block=b1`);
    const source = page.getByLabel('Vad kortet visar');
    await source.selectOption('En kurs ur katalogen');
    await page.getByRole('combobox', { name: 'Kurs', exact: true }).fill('excel');
    await page.getByRole('option', { name: 'Excel 2 (Excel 2)' }).click();
    await shows(page, 'https://kurser.example/excel-2');
    await page.getByText('Inget att rätta.').or(page.getByText('1 sak')).waitFor();

    await source.selectOption('Kurser som passar läsaren');
    await page.getByLabel('Högst så här många kort').selectOption('2 kort');
    await shows(page, 'Eftersom du har slutfört Excel grund.');
    await page.getByRole('combobox', { name: 'Visa som' }).fill('Malvina');
    await page.getByRole('option', { name: /Malvina/ }).click();
    await page.getByText('Vi har ingen kurs att rekommendera den här personen.').waitFor();
    expect(await overflow(page)).toBe(0);
    await visitor.leave();
  });

  it('puts in a field with what stands in its place, and bold words and lists, in our own structure', async () => {
    const text: Block = { id: 'b1', type: 'text', content: [] };
    const key = await template('Med fält', [text]);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/mallar/${key}?block=b1`);
    await page.getByRole('textbox', { name: 'Text', exact: true }).click();
    await page.keyboard.type('Hej ');
    await button(page, 'Infoga fält').click();
    await page.getByRole('menuitem', { name: 'Förnamn' }).click();
    await page.getByLabel('I stället för Förnamn, när det saknas').fill('vän');
    await page.getByRole('textbox', { name: 'Text', exact: true }).press('Control+End');
    await page.keyboard.type('! ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('Välkommen');
    await shows(page, 'Hej Kim! <strong>Välkommen</strong>');
    await button(page, 'Spara').click();
    await page.getByText('Mallen är sparad.').waitFor();
    expect((await service.get(Templates).get(key)).blocks).toEqual([
      {
        ...text,
        content: [
          {
            kind: 'paragraph',
            content: [
              { text: 'Hej ' },
              { field: 'contact.first_name', fallback: 'vän' },
              { text: '! ' },
              { text: 'Välkommen', bold: true },
            ],
          },
        ],
      },
    ]);
    await visitor.leave();
  });

  it('runs nothing that was typed, neither in the app nor in the mail it shows', async () => {
    const payloads = [
      '<script>top.pwned = 1</script>',
      '<img src=x onerror="top.pwned = 1">',
      '"></iframe><script>top.pwned = 1</script>',
      '</mj-text><mj-raw><svg onload="top.pwned = 1">',
      '&lt;script&gt;top.pwned = 1&lt;/script&gt;',
    ];
    const words: Block[] = payloads.map((payload, n) => ({
      id: `b${n}`,
      type: 'text',
      content: [
        { kind: 'paragraph', content: [{ text: payload, link: 'javascript:top.pwned=1' }] },
      ],
    }));
    const key = await template(payloads[1]!, [...words, heading(payloads[0]!, 'rubrik')]);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
    await visitor.open(`/app/mallar/${key}?block=b1`);
    await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
    await shows(page, 'top.pwned');
    expect(await mail(page).getAttribute('sandbox')).toBe('');

    // Even if the server let everything through, nothing of it would run or leave.
    const hostile = `<script>top.pwned = 1; top.location = '/away'</script><img src=x onerror="top.pwned = 1">
      <meta http-equiv="refresh" content="0; url=javascript:top.pwned=1"><p>fientligt</p>`;
    await page.route('**/api/v1/templates/preview*', (route) =>
      route.fulfill({
        json: { subject: '', html: hostile, text: '', problems: [], size: 1, fields: [] },
      }),
    );
    await page.getByLabel('Förhandstext').fill('Något nytt');
    await shows(page, 'fientligt');
    await page.waitForTimeout(300);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(new URL(page.url()).pathname).toBe(`/app/mallar/${key}`);
    expect(dialogs).toEqual([]);
    await visitor.leave();
  });

  it('saves a campaign as it is written, and says so when somebody else was faster', async () => {
    const topicId = await service.topic('nyhetsbrev');
    const campaigns = service.get(Campaigns);
    const made = await campaigns.create(
      { name: 'Brevet', topicId, templateKey: 'enkel' },
      OPERATOR,
    );
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${made.id}/innehall`);
    await button(page, /^Knapp Läs mer/).click();
    await page.getByLabel('Vad knappen säger').fill('Läs allt');
    await page.getByText(/^Sparat/).waitFor();
    const saved = await campaigns.get(made.id);
    expect(saved.version).toBe(2);
    expect(saved.body).toContain('>Läs allt</mj-button>');
    expect(saved.blocks).toContainEqual(expect.objectContaining({ label: 'Läs allt' }));

    await campaigns.update(made.id, { version: 2, subject: 'Någon annans' }, OPERATOR);
    await page.getByLabel('Vad knappen säger').fill('För sent');
    await page.getByText('Någon annan har ändrat utskicket').waitFor();
    expect((await campaigns.get(made.id)).body).not.toContain('För sent');
    await visitor.leave();
  });

  it('shows what a text message takes, and changes dear characters to plain ones', async () => {
    const campaigns = service.get(Campaigns);
    const draft = { name: 'Sms', channel: 'sms' as const, body: 'Vi ses – i dag' };
    const made = await campaigns.create(draft, OPERATOR);
    const visitor = await arriveAsStaff(browser, service, 'marketer');
    const { page } = visitor;
    await visitor.open(`/app/utskick/${made.id}/innehall`);
    await button(page, 'Byt – mot -').click();
    await page.getByText('Vanliga tecken: 160 ryms i ett sms.').waitFor();
    expect(await page.getByLabel('Meddelandet').inputValue()).toBe('Vi ses - i dag');
    expect(await faults(page)).toEqual([]);
    await visitor.leave();
  });

  it('shows a reader the templates, and no way to change them', async () => {
    const visitor = await arriveAsStaff(browser, service, 'reader');
    const { page } = visitor;
    await visitor.open('/app/mallar/nyhetsbrev');
    await mail(page).waitFor();
    for (const name of [/Spara/, /Kopiera/, /Ny mall/])
      expect(await button(page, name).count()).toBe(0);
    await visitor.leave();
  });

  it.each([1280, 320])(
    'has no faults axe finds and no sideways scroll, %i px wide',
    async (width) => {
      const { blocks } = await service.get(Templates).get('kurstips');
      const key = await template(`Bred ${width}`, blocks!);
      const visitor = await arriveAsStaff(browser, service, 'marketer', {
        viewport: { width, height: 800 },
        colorScheme: width === 320 ? 'dark' : 'light',
      });
      const { page } = visitor;
      for (const path of ['', `/${key}?block=b4`, '/erbjudande']) {
        await visitor.open(`/app/mallar${path}`);
        await (path === '' ? page.getByRole('table') : mail(page)).waitFor();
        if (path.includes('?')) await page.locator('.ProseMirror').waitFor();
        expect(await faults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await visitor.leave();
    },
  );
});
