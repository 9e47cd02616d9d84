import type { Locator, Page } from 'playwright-core';
import { settled } from './screens';

type Ids = Record<string, string>;

/** Something that opens over a screen: from where, by which control, and in which file of src/web it is. */
export interface Opening {
  file: string;
  /** Which one, where the file opens several. */
  part?: string;
  at: (ids: Ids) => string;
  /** What comes before the control is there. */
  before?: (page: Page) => Promise<unknown>;
  /** What is pressed; nothing where the address itself opens it. */
  opener?: (page: Page) => Locator;
  /** Waited for once it is open. */
  shows?: (page: Page) => Locator;
  /** Escape does not close it: what it shows is shown this once. */
  stays?: true;
}

const button =
  (name: string | RegExp) =>
  (page: Page): Locator =>
    page.getByRole('button', { name, exact: true }).first();

const inDialog = (page: Page) => page.getByRole('dialog');

async function findAtDesk(page: Page): Promise<void> {
  await page.getByLabel('Vem gäller det?').fill('kund1@exempel.example');
  await page.keyboard.press('Enter');
  await page.getByText('En träff').waitFor();
}

const buckets = { pending: 10, withheld: 2, cancelled: 0, in_flight: 3, accepted: 25 };
const PAUSED = {
  state: 'paused',
  counts: { audience: 40, buckets, states: {}, withheld: [], gap: 0 },
  perMinute: 120,
  secondsLeft: 90,
  heldBecause: 'opt_out_page',
  providerAway: true,
};

/** Shows a run that has ended as one that somebody has paused, and everything else with it. */
async function pause(page: Page): Promise<void> {
  await page.route('**/progress', (route) => route.fulfill({ json: PAUSED }));
  await page.reload();
}

const settings = (path: string) => () => `installningar/${path}`;
const block = (id: string) => (ids: Ids) => `mallar/${ids.blocks}?block=${id}`;
const contact = (ids: Ids) => `kontakter/${ids.contact}`;
const SETTINGS = 'screens/settings';

/** Every dialog, drawer and menu. */
export const OPENINGS: readonly Opening[] = [
  { file: 'frame/person-menu', at: () => 'konto', opener: button('Anna-Karin Ek') },
  {
    file: 'frame/search-dialog',
    at: () => 'konto',
    opener: button('Sök'),
    shows: (page) => page.getByRole('combobox', { name: 'Sök kontakter, utskick och mallar' }),
  },
  {
    file: 'parts/help',
    at: ({ draft }) => `utskick/${draft}`,
    opener: button(/^Vad betyder det/),
  },
  {
    file: 'screens/report/people',
    at: ({ sent }) => `utskick/${sent}/rapport?visa=ACCEPTED`,
    shows: (page) => inDialog(page).getByRole('table'),
  },
  {
    file: 'screens/report/live-run',
    at: ({ sent }) => `utskick/${sent}/rapport`,
    before: pause,
    opener: button('Stoppa för gott'),
  },
  { file: 'screens/content/new-template', at: () => 'mallar', opener: button('Ny mall') },
  {
    file: 'screens/content/templates-screen',
    at: () => 'mallar',
    opener: button(/^Ta bort/),
  },
  {
    file: 'screens/content/editor/content-editor',
    at: block('text'),
    opener: button('Redigera som MJML'),
  },
  {
    file: 'screens/content/editor/add-block',
    at: block('text'),
    opener: button('Lägg till block'),
  },
  {
    file: 'screens/content/editor/snippets',
    at: block('text'),
    opener: button('Spara blocket för att använda igen'),
  },
  {
    file: 'screens/content/editor/picture-field',
    at: block('image'),
    opener: button('Välj uppladdad'),
    shows: (page) => inDialog(page).getByText('bild.png'),
  },
  { file: 'screens/content/words/rich-field', at: block('text'), opener: button('Infoga fält') },
  {
    file: 'screens/content/words/rich-field',
    part: 'link',
    at: block('text'),
    opener: button('Länk'),
    shows: (page) => page.getByLabel('Länkens adress'),
  },
  {
    file: 'screens/content/editor/sms-editor',
    at: ({ sms }) => `utskick/${sms}/innehall`,
    opener: button('Infoga fält'),
  },
  { file: 'screens/campaigns/new-campaign', at: () => 'utskick', opener: button('Nytt utskick') },
  {
    file: 'screens/campaigns/history',
    at: ({ draft }) => `utskick/${draft}`,
    opener: button('Historik'),
    shows: (page) => inDialog(page).getByText('Version 1'),
  },
  {
    file: 'screens/segments/freeze-segment',
    at: ({ segment }) => `malgrupper/${segment}`,
    opener: button('Frys'),
  },
  {
    file: 'screens/segments/archive-segment',
    at: ({ segment }) => `malgrupper/${segment}`,
    opener: button('Arkivera'),
  },
  { file: 'screens/people/edit-person', at: contact, opener: button('Ändra') },
  {
    file: 'screens/people/merge-person',
    at: contact,
    opener: button(/^Slå ihop/),
  },
  {
    file: 'screens/people/seen-mail',
    at: ({ reader }) => `kontakter/${reader}`,
    opener: button('Se meddelandet'),
    shows: (page) => inDialog(page).locator('iframe'),
  },
  {
    file: 'screens/people/repeat-confirmation',
    at: ({ waiting }) => `kontakter/${waiting}`,
    opener: button(/bekräftelse/),
  },
  {
    file: 'screens/people/restrict-person',
    at: contact,
    opener: button('Begränsa behandlingen'),
  },
  { file: 'screens/desk/say-no', at: contact, opener: button('Registrera ett nej') },
  {
    file: 'screens/desk/say-no',
    part: 'at the desk',
    at: () => 'kundtjanst',
    before: findAtDesk,
    opener: button('Registrera ett nej'),
  },
  {
    file: 'screens/desk/open-case',
    at: () => 'kundtjanst',
    before: findAtDesk,
    opener: button('Öppna ett ärende'),
  },
  {
    file: 'screens/imports/progress',
    at: ({ imported }) => `kontakter/import/${imported}`,
    opener: button('Ångra importen'),
  },
  {
    file: `${SETTINGS}/senders/sender-form`,
    at: settings('avsandare'),
    opener: button('Lägg till avsändare'),
  },
  { file: `${SETTINGS}/senders/senders`, at: settings('avsandare'), opener: button('Ta bort') },
  {
    file: `${SETTINGS}/topics/topic-form`,
    at: settings('amnen'),
    opener: button('Lägg till ämne'),
  },
  {
    file: `${SETTINGS}/topics/topic-form`,
    part: 'change',
    at: settings('amnen'),
    opener: button('Ändra'),
  },
  {
    file: `${SETTINGS}/people/person-form`,
    at: settings('anvandare'),
    opener: button('Lägg till användare'),
  },
  { file: `${SETTINGS}/people/people`, at: settings('anvandare'), opener: button('Nytt lösenord') },
  {
    file: `${SETTINGS}/people/people`,
    part: 'disable',
    at: settings('anvandare'),
    opener: button('Stäng av'),
  },
  {
    file: `${SETTINGS}/api-keys/api-key-form`,
    at: settings('api-nycklar'),
    opener: button('Ny API-nyckel'),
  },
  { file: `${SETTINGS}/api-keys/api-keys`, at: settings('api-nycklar'), opener: button('Spärra') },
  {
    file: `${SETTINGS}/shown-once`,
    at: settings('api-nycklar'),
    before: async (page) => {
      await button('Ny API-nyckel')(page).click();
      await inDialog(page).getByLabel('Namn').fill('Kundregistret');
      await inDialog(page).getByRole('checkbox').first().check();
    },
    opener: (page) => inDialog(page).getByRole('button', { name: 'Ny API-nyckel' }),
    shows: (page) => page.getByRole('dialog', { name: 'Nyckeln Kundregistret' }),
    stays: true,
  },
  {
    file: `${SETTINGS}/endpoints/endpoint-form`,
    at: settings('mottagare'),
    opener: button('Ny mottagare'),
  },
  {
    file: `${SETTINGS}/endpoints/deliveries`,
    at: settings('mottagare'),
    opener: button('Visa logg'),
  },
  { file: `${SETTINGS}/endpoints/endpoint`, at: settings('mottagare'), opener: button('Ta bort') },
  {
    file: `${SETTINGS}/endpoints/endpoint`,
    part: 'secret',
    at: settings('mottagare'),
    opener: button('Ny hemlighet'),
  },
  {
    file: `${SETTINGS}/operations/incidents`,
    at: settings('drift'),
    opener: button('Stäng händelsen'),
  },
  { file: `${SETTINGS}/operations/channels`, at: settings('drift'), opener: button('Släpp på') },
];

export const nameOf = ({ file, part }: Opening): string => [file, part].filter(Boolean).join(', ');

/** Opens it as somebody without a mouse; what was pressed is answered. */
export async function openByKeyboard(page: Page, opening: Opening): Promise<Locator | undefined> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await settled(page);
  await opening.before?.(page);
  return press(page, opening);
}

export async function press(page: Page, opening: Opening): Promise<Locator | undefined> {
  const { opener, shows } = opening;
  const control = opener?.(page);
  if (control) {
    await control.focus();
    await page.keyboard.press('Enter');
  }
  await (shows?.(page) ?? whatIsOnTop(page)).waitFor();
  return control;
}

export const whatIsOnTop = (page: Page): Locator =>
  page.locator('[role=dialog], [role=menu], .person-menu > div').last();
