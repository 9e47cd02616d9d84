import type { Page } from 'playwright-core';

type Ids = Record<string, string>;

export interface Screen {
  /** As in src/web/routes.tsx. */
  route: string;
  /** Where it is in a furnished house; by default the route itself. */
  at?: (ids: Ids) => string;
  /** Words that are there when everything is. */
  shows: string;
  /** Which part of it, where there are several. */
  part?: string;
}

/** Every screen, some of them more than once. */
export const SCREENS: readonly Screen[] = [
  { route: '', shows: 'Senaste utskicken' },
  { route: 'utskick', shows: 'Höstens kurser' },
  { route: 'utskick', part: 'sent', at: () => 'utskick?visa=sent', shows: 'Klart' },
  { route: 'utskick', part: 'nothing found', at: () => 'utskick?q=zzz', shows: 'passar sökningen' },
  { route: 'utskick/:id', at: ({ draft }) => `utskick/${draft}`, shows: 'Får det' },
  {
    route: 'utskick/:id',
    part: 'planned',
    at: ({ planned }) => `utskick/${planned}`,
    shows: 'Skickas måndag',
  },
  { route: 'utskick/:id', part: 'text', at: ({ sms }) => `utskick/${sms}`, shows: 'sms-del' },
  {
    route: 'utskick/:id',
    part: 'gone',
    at: ({ sent }) => `utskick/${sent}`,
    shows: 'Se rapporten',
  },
  {
    route: 'utskick/:id/granska',
    at: ({ draft }) => `utskick/${draft}/granska`,
    shows: 'Be om godkännande',
  },
  {
    route: 'utskick/:id/innehall',
    at: ({ draft }) => `utskick/${draft}/innehall`,
    shows: 'Så här ser det ut',
  },
  {
    route: 'utskick/:id/innehall',
    part: 'text',
    at: ({ sms }) => `utskick/${sms}/innehall`,
    shows: 'Byt – mot -',
  },
  {
    route: 'utskick/:id/rapport',
    at: ({ sent }) => `utskick/${sent}/rapport`,
    shows: 'Visa som tabell',
  },
  {
    route: 'utskick/:id/rapport',
    part: 'not sent',
    at: ({ draft }) => `utskick/${draft}/rapport`,
    shows: 'Det är inte skickat än',
  },
  { route: 'malgrupper', shows: 'Maximiliana då' },
  {
    route: 'malgrupper',
    part: 'nothing found',
    at: () => 'malgrupper?q=zzz',
    shows: 'passar sökningen',
  },
  { route: 'malgrupper/ny', shows: 'Fyll i alla regler' },
  {
    route: 'malgrupper/ny',
    part: 'example',
    at: () => 'malgrupper/ny?fran=learnt',
    shows: 'Frågan är profilering',
  },
  {
    route: 'malgrupper/:id',
    at: ({ segment }) => `malgrupper/${segment}`,
    shows: 'Sedan i natt',
  },
  {
    route: 'malgrupper/:id',
    part: 'frozen',
    at: ({ frozen }) => `malgrupper/${frozen}`,
    shows: 'Målgruppen är frusen',
  },
  {
    route: 'malgrupper/:id',
    part: 'deep',
    at: ({ deep }) => `malgrupper/${deep}`,
    shows: 'gjord på ett annat sätt',
  },
  { route: 'malgrupper/trender', shows: 'Hämta som CSV' },
  {
    route: 'malgrupper/trender',
    part: 'courses',
    at: () => 'malgrupper/trender?per=course',
    shows: 'Kurser som inte finns kvar',
  },
  { route: 'kontakter', shows: 'Får utskick via' },
  {
    route: 'kontakter/:id',
    at: ({ contact }) => `kontakter/${contact}`,
    shows: 'Det här har hänt',
  },
  { route: 'kontakter/import', shows: 'lista.csv' },
  { route: 'kontakter/import/ny', shows: 'Läs filen' },
  {
    route: 'kontakter/import/:id',
    at: ({ import: id }) => `kontakter/import/${id}`,
    shows: 'Filen lästes som',
  },
  {
    route: 'kontakter/import/:id',
    part: 'ground',
    at: ({ import: id }) => `kontakter/import/${id}?steg=grund`,
    shows: 'Med vilken rätt',
  },
  {
    route: 'kontakter/import/:id',
    part: 'trial',
    at: ({ import: id }) => `kontakter/import/${id}?steg=prova`,
    shows: 'De 2 första raderna',
  },
  {
    route: 'kontakter/import/:id',
    part: 'done',
    at: ({ imported }) => `kontakter/import/${imported}`,
    shows: 'Ångra importen',
  },
  { route: 'kundtjanst', shows: 'Vem gäller det?' },
  { route: 'kundtjanst/svar', shows: 'Ett svar väntar' },
  { route: 'kundtjanst/arenden', shows: 'Nummer' },
  {
    route: 'kundtjanst/arenden/:id',
    at: ({ case: id }) => `kundtjanst/arenden/${id}`,
    shows: 'Stäng ärendet',
  },
  { route: 'mallar', shows: 'Vårt brev' },
  { route: 'mallar/:key', at: ({ template }) => `mallar/${template}`, shows: 'Allt är sparat' },
  ...['header', 'image', 'columns', 'course', 'catalogue', 'recommended', 'social'].map(
    (block) => ({
      route: 'mallar/:key',
      part: block,
      at: ({ blocks }: Ids) => `mallar/${blocks}?block=${block}`,
      shows: 'Spara blocket för att använda igen',
    }),
  ),
  {
    route: 'mallar/:key',
    part: 'bundled',
    at: () => 'mallar/nyhetsbrev',
    shows: 'Kopiera och ändra',
  },
  { route: 'konto', shows: 'Den här webbläsaren' },
  { route: 'installningar', shows: 'Lärkraft kurser' },
  { route: 'installningar/avsandare', shows: 'Lärkraft kurser' },
  { route: 'installningar/amnen', shows: 'Webbinarier' },
  { route: 'installningar/formular', shows: '/signup/nyhetsbrev' },
  { route: 'installningar/formular/nytt', shows: 'Ämnen att välja mellan' },
  {
    route: 'installningar/formular/:id',
    at: ({ form }) => `installningar/formular/${form}`,
    shows: 'Lägg formuläret på en annan webbplats',
  },
  { route: 'installningar/varumarke', shows: 'Så här ser det ut' },
  { route: 'installningar/anvandare', shows: 'Anna-Karin Ek' },
  { route: 'installningar/api-nycklar', shows: 'Kursportalen' },
  { route: 'installningar/mottagare', shows: 'kundregister.example' },
  { route: 'installningar/webhooks', shows: 'Händelser från SendGrid' },
  { route: 'installningar/drift', shows: 'Allt står stilla' },
  { route: '*', at: () => 'finns-inte', shows: 'Sidan finns inte' },
];

export const nameOf = ({ route, part }: Screen): string =>
  [route || '(start)', part].filter(Boolean).join(', ');

export const addressOf = ({ route, at }: Screen, ids: Ids): string => `/app/${at?.(ids) ?? route}`;

/** Nothing is being fetched any more. */
export async function settled(page: Page): Promise<void> {
  await page
    .getByText(/^(Hämtar|Söker) …$/)
    .first()
    .waitFor({ state: 'detached' });
}
