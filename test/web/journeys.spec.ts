import type { Browser, Frame, Page } from 'playwright-core';
import { until } from '../setup/service';
import { openBrowser, Visitor } from './browser';
import { World } from './world';

const MOST_TABS = 80;
const FOCUSED =
  'document.activeElement?.tagName + " " + document.activeElement?.textContent.trim()';

/** Presses Tab until the element with these words has the focus, in the page or in a frame of it. */
async function tabTo(page: Page, words: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < MOST_TABS; presses++) {
    await page.keyboard.press('Tab');
    for (const frame of page.frames()) {
      const focused = await focusedIn(frame);
      seen.push(focused);
      if (focused.includes(words)) return;
    }
  }
  throw new Error(`"${words}" cannot be reached by Tab; passed: ${[...new Set(seen)].join(' | ')}`);
}

async function focusedIn(frame: Frame): Promise<string> {
  const focused = String(await frame.evaluate(FOCUSED));
  return /^(A|BUTTON|INPUT|SUMMARY) /.test(focused) ? focused : '';
}

/** Presses what leads to another page, and waits for it. */
async function press(page: Page, what: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.click(what);
  await loaded;
}

const heading = (page: Page) => page.textContent('h1');
const standingNo = { no_all: true, allowed: [] };

describe('what people come to do', () => {
  let world: World;
  let browser: Browser;
  const visitors: Visitor[] = [];

  const arrive = async (options = {}) => {
    const visitor = await Visitor.arrive(browser, world.service, options);
    visitors.push(visitor);
    return visitor.page;
  };
  const gate = async (email: string) => {
    const [row] = await world.service.db.query<{ no_all: boolean; allowed: string[] }>(
      `SELECT no_all, allowed, no_topics, paused_until, fewer FROM gate WHERE address_key = $1`,
      [world.service.key(email)],
    );
    return row;
  };

  beforeAll(async () => {
    world = await World.open();
    const readers = [
      'tangent',
      'utan.skript',
      'amnen',
      'paus',
      'farre',
      'varfor',
      'engelska',
      'allt',
      'kvar',
    ];
    await world.mailTo(
      readers.map((name) => `${name}@example.com`),
      2,
    );
    browser = await openBrowser(world.service);
  }, 60_000);
  afterEach(() => Promise.all(visitors.splice(0).map((visitor) => visitor.leave())));
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('L-07 L-08 a keyboard is enough, and two actions: the link in the mail, and the button', async () => {
    const page = await arrive({ viewport: { width: 1280, height: 900 } });
    await page.goto('/dev/mailbox?to=tangent');
    await tabTo(page, 'tjugo minuter');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/dev\/mailbox\/[0-9a-f-]{36}$/);

    await tabTo(page, 'Avsluta prenumeration');
    const [optOut] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await optOut.waitForLoadState();
    expect(await heading(optOut)).toBe('Avsluta all marknadsföring');
    expect(await optOut.locator('main button').count()).toBe(1);
    expect(await gate('tangent@example.com')).toMatchObject({ no_all: false });

    await tabTo(optOut, 'BUTTON Avsluta all marknadsföring');
    const loaded = optOut.waitForEvent('load');
    await optOut.keyboard.press('Enter');
    await loaded;
    expect(await heading(optOut)).toBe('Klart. Du får inget mer.');
    expect(await optOut.textContent('[role=status]')).toContain('t•••@e•••.com');
    expect(await optOut.textContent('main')).toContain('Inget annat meddelande');
    expect(await gate('tangent@example.com')).toMatchObject(standingNo);
  });

  it('P-13 the whole way works with JavaScript off', async () => {
    const page = await arrive({ javaScriptEnabled: false });
    await page.goto(await world.path('utan.skript@example.com', 'u'));
    await press(page, 'main button');
    expect(await heading(page)).toBe('Klart. Du får inget mer.');
    expect(await gate('utan.skript@example.com')).toMatchObject(standingNo);
  });

  it('F-26 takes a no to one topic and keeps the other', async () => {
    const page = await arrive();
    await page.goto(await world.path('amnen@example.com', 'u'));
    await press(page, 'text=Välj ämnen');
    await page.check('text=Sluta skicka Kurstips');
    await press(page, 'text=Spara');
    expect(await page.textContent('[role=status]')).toContain('Sparat');
    expect(await gate('amnen@example.com')).toMatchObject({
      no_all: false,
      allowed: [world.topicIds[0]],
    });
  });

  it('takes a pause of three months, and says until when', async () => {
    const page = await arrive();
    await page.goto(await world.path('paus@example.com', 'preferences'));
    await press(page, 'text=Pausa i tre månader');
    expect(await page.textContent('main')).toMatch(/Pausat till \d+ \w+ \d{4}/);
    expect((await gate('paus@example.com'))!).toMatchObject({ paused_until: expect.any(Date) });
  });

  it('P-72 gives fewer messages, and offers no way back there but Mina sidor', async () => {
    const page = await arrive({ javaScriptEnabled: false });
    await page.goto(await world.path('farre@example.com', 'preferences'));
    await press(page, 'button:has-text("Få färre utskick")');
    expect(await page.textContent('main')).toContain('högst ett var trettionde dag');
    expect(await page.locator('button:has-text("utskick")').count()).toBe(0);
    expect((await gate('farre@example.com'))!).toMatchObject({ fewer: true });
    await press(page, 'text=Ändra på Mina sidor');
    expect(new URL(page.url()).pathname).toBe('/mina-sidor/login');
  });

  it('takes a no to everything on the preference page', async () => {
    const page = await arrive();
    await page.goto(await world.path('allt@example.com', 'preferences'));
    await press(page, 'button:has-text("Avsluta all marknadsföring")');
    expect(await page.textContent('main')).toContain('Du får ingen marknadsföring från oss');
    expect(await gate('allt@example.com')).toMatchObject(standingNo);
  });

  it('GDPR 14 tells why, and leads on to the no', async () => {
    const page = await arrive();
    await page.goto(await world.path('varfor@example.com', 'why'));
    expect(await page.textContent('main')).toContain('Ditt samtycke till Nyhetsbrev');
    await press(page, 'text=Avsluta all marknadsföring');
    await press(page, 'main button');
    expect(await gate('varfor@example.com')).toMatchObject(standingNo);
  });

  it('speaks English when asked, all the way', async () => {
    const page = await arrive();
    await page.goto(await world.path('engelska@example.com', 'u'));
    await press(page, 'header a[hreflang=en]');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await press(page, 'main button');
    expect(await heading(page)).toBe('Done. You will get nothing more.');
  });

  it('P-75 F-17 F-63 opts out by a typed address, and answers the same for one we never had', async () => {
    const page = await arrive();
    const answers: string[] = [];
    for (const address of ['amnen@example.com', 'a+b@example.com']) {
      await page.goto('/avsluta');
      await page.fill('input[name=address]', address);
      const loaded = page.waitForEvent('load');
      await page.keyboard.press('Enter');
      await loaded;
      answers.push((await page.textContent('main'))!);
      expect(await gate(address)).toMatchObject({ no_all: true });
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('a•••@e•••.com');
  });

  it('P-18 a test mailing looks the same, says what it is, and changes nothing', async () => {
    const page = await arrive();
    const [{ id }] = (await world.service.db.query<{ id: string }>('SELECT id FROM campaign')) as [
      { id: string },
    ];
    await world.testMailTo('provare@example.com', id);
    await page.goto(await world.path('provare@example.com', 'u'));
    expect(await page.textContent('main')).toContain('Testutskick');
    await press(page, 'main button');
    expect(await page.textContent('main')).toContain('inget ändrats');
    expect(await gate('provare@example.com')).toBeUndefined();
  });

  it('L-17 signs up: form, inbox, button, welcome; and nothing before the button', async () => {
    const page = await arrive({ viewport: { width: 1280, height: 900 } });
    await page.goto('/signup/nyhetsbrev');
    expect(await page.locator('input[type=checkbox]:checked').count()).toBe(0);
    await page.fill('input[name=email]', 'ny@example.com');
    await press(page, 'main button');
    expect(await page.textContent('[role=alert]')).toContain('Kryssa för minst ett ämne');
    await page.check('text=Nyhetsbrev');
    await press(page, 'main button');
    expect(await heading(page)).toBe('Kolla din inkorg');
    await until(async () => (await world.service.mailbox('ny@example.com')).length > 0);
    expect((await gate('ny@example.com'))?.allowed ?? []).toEqual([]);

    await page.goto('/dev/mailbox?to=ny@example.com');
    await press(page, 'text=Bekräfta din anmälan');
    const [confirm] = await Promise.all([
      page.waitForEvent('popup'),
      page.frameLocator('iframe').locator('a[href*="/confirm/"]').first().click(),
    ]);
    await confirm.waitForLoadState();
    expect((await gate('ny@example.com'))?.allowed ?? []).toEqual([]);
    await press(confirm, 'text=Ja, det vill jag');
    expect(await heading(confirm)).toBe('Välkommen!');
    expect(await gate('ny@example.com')).toMatchObject({ allowed: [world.topicIds[0]] });
  });
});
