// Takes the pictures in docs/pictures, from the demo as it runs. In two terminals:
//   npm start
//   node docs/pictures.mjs [http://localhost:3000]
// One invented person of the demo says no on the way.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const home = process.argv[2] ?? 'http://localhost:3000';
const folder = join(dirname(fileURLToPath(import.meta.url)), 'pictures');
const DEMO = join(folder, '../../prisma/demo/demo.json');
/** A picture is looked at in a README, often over a telephone. */
const LARGEST = 200 * 1024;
const SUBJECT = 'tjugo minuter';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await takeAll();
} finally {
  await browser.close();
}

async function takeAll() {
  mkdirSync(folder, { recursive: true });
  const { mail, link } = await findReader();
  const desk = await open({ width: 1000, height: 900 });
  await desk.goto(`${home}/dev/mailbox/${mail.id}`);
  await desk.frameLocator('iframe').locator('h1').waitFor();
  const newsletter = await keep(desk, 'newsletter');
  await desk.goto(`${home}/dev/mailbox`);
  await keep(desk, 'mailbox');
  await desk.goto(home);
  await keep(desk, 'front-page');

  const dark = await open({ width: 390, height: 780 }, 'dark');
  await dark.goto(link);
  await keep(dark, 'opt-out-dark');
  const phone = await open({ width: 390, height: 780 });
  await phone.goto(link);
  const optOut = await keep(phone, 'opt-out');
  await phone.goto(link.replace('/u/', '/why/'));
  await keep(phone, 'why');
  await phone.goto(link.replace('/u/', '/preferences/'));
  await keep(phone, 'preferences', true);
  await phone.goto(link);
  await phone.click('main button');
  await phone.waitForSelector('[role=status]');
  await keep(phone, 'opted-out');
  await sideBySide(newsletter, optOut);
  await takeStaff();
}

/** What the demo's marketer sees; the password is the demo's own. */
async function takeStaff() {
  const page = await open({ width: 1280, height: 860 });
  const { staff, password } = JSON.parse(readFileSync(DEMO, 'utf8'));
  const { email } = staff.find(({ role }) => role === 'marketer');
  const data = { email, password };
  await page.request.post(`${home}/api/v1/session`, { data });
  const ask = async (path, body) =>
    (
      await (body
        ? page.request.post(`${home}/api/v1/${path}`, { data: body, headers: { origin: home } })
        : page.request.get(`${home}/api/v1/${path}`))
    ).json();
  const { items } = await ask('campaigns');
  const draft = items.find(({ name, group }) => name === 'Höstens kurser' && group === 'draft');
  const sent = items.find(({ group }) => group === 'sent');
  const { items: segments } = await ask('segments');
  const { items: people } = await ask('contacts/search', { q: 'Anna', kind: 'company_contact' });
  for (const [name, path, words] of [
    ['staff-overview', '', 'Senaste utskicken'],
    ['staff-campaign', `utskick/${draft.id}`, 'Får det'],
    ['staff-editor', `utskick/${draft.id}/innehall`, 'Så här ser det ut'],
    ['staff-report', `utskick/${sent.id}/rapport`, 'Hur det gick'],
    ['staff-segment', `malgrupper/${segments[0].id}`, 'Vilka det blir'],
    ['staff-contact', `kontakter/${people[0].id}`, 'Kan vi skriva?'],
  ]) {
    await page.goto(`${home}/app/${path}`);
    await page.getByText(words, { exact: true }).first().waitFor();
    // The chart draws itself, and the preview of the mail comes a moment after the words.
    await page.waitForTimeout(1500);
    await keep(page, name);
  }
}

/** A newsletter in the mailbox whose reader has not said no yet, and the link in it. */
async function findReader() {
  const answer = await fetch(
    `${home}/dev/mailbox.json?limit=100&to=${encodeURIComponent(SUBJECT)}`,
  );
  if (!answer.ok) throw new Error(`${home} does not answer as the demo does: ${answer.status}`);
  for (const mail of await answer.json()) {
    const [, value] = mail.headers.find(([name]) => name === 'List-Unsubscribe');
    const { pathname } = new URL(/<(https?:[^>]+)>/.exec(value)[1]);
    const page = await (await fetch(home + pathname)).text();
    if (!page.includes('class="done"') && !mail.subject.startsWith('Hej du'))
      return { mail, link: home + pathname };
  }
  throw new Error('Everybody in the mailbox has said no: start again with an empty .data folder.');
}

async function open(viewport, colorScheme = 'light') {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'sv-SE' });
  return context.newPage();
}

async function keep(page, name, fullPage = false) {
  const path = join(folder, `${name}.png`);
  const picture = await page.screenshot({ path, fullPage });
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`${path} is ${size} bytes; at most ${LARGEST}.`);
  console.log(`${name}.png ${Math.round(size / 1024)} KB`);
  return picture;
}

/** The picture at the top of the README: the mail, and the page behind its link. */
async function sideBySide(...pictures) {
  const page = await open({ width: 1120, height: 700 });
  const images = pictures.map(
    (picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`,
  );
  await page.setContent(
    `<style>body{margin:0;padding:40px;display:flex;gap:40px;background:#e0d9cb;box-sizing:border-box;height:700px}
     img{height:620px;border-radius:14px;box-shadow:0 8px 28px #0003}</style>${images.join('')}`,
  );
  await keep(page, 'readme');
}
