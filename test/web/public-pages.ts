import { until } from '../setup/service';
import type { World } from './world';

/** A page as a person comes to it: by a link, or by sending a form. */
export interface PublicPage {
  name: string;
  path: string;
  fields?: Record<string, string>;
  status?: number;
  /** A mail itself, or all mails: may be larger than a page of ours. */
  mail?: boolean;
  /** Is read, and not on the way to a no: may be longer than the others. */
  long?: boolean;
}

const UNKNOWN = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Every public page in every state, on a world of its own. */
export async function publicPages(world: World): Promise<PublicPage[]> {
  const people = await meetPeople(world);
  const { reader, gone, paused, test, text, textGone } = people;
  return [
    { name: 'front page', path: '/' },
    { name: 'opt-out', path: `/u/${reader}` },
    {
      name: 'opted out',
      path: `/u/${await world.token('klar@example.com')}`,
      fields: { form: '1' },
    },
    { name: 'opt-out, already', path: `/u/${gone}` },
    { name: 'opt-out, unknown link', path: `/u/${UNKNOWN}`, status: 404 },
    { name: 'opt-out, test mailing', path: `/u/${test}` },
    { name: 'opted out, test mailing', path: `/u/${test}`, fields: { form: '1' } },
    { name: 'reason', path: `/u/${gone}/reason` },
    { name: 'reason told', path: `/u/${gone}/reason`, fields: { reason: 'too_often' } },
    { name: 'opt-out by SMS', path: `/s/${text}` },
    { name: 'opt-out by SMS, already', path: `/s/${textGone}` },
    { name: 'opted out by SMS', path: `/s/${textGone}`, fields: { form: '1' } },
    { name: 'preferences by SMS', path: `/preferences/${text}` },
    {
      name: 'preferences by SMS, everything ended',
      path: `/preferences/${textGone}`,
      fields: { action: 'all' },
    },
    { name: 'preferences', path: `/preferences/${reader}` },
    { name: 'preferences, after a no', path: `/preferences/${gone}` },
    { name: 'preferences, paused', path: `/preferences/${paused}` },
    {
      name: 'preferences, fewer',
      path: `/preferences/${people.fewer}`,
      fields: { action: 'fewer' },
    },
    { name: 'preferences, test mailing', path: `/preferences/${test}`, fields: { action: 'all' } },
    {
      name: 'preferences, nothing ticked',
      path: `/preferences/${reader}`,
      fields: { action: 'stop' },
    },
    { name: 'preferences, unknown link', path: `/preferences/${UNKNOWN}`, status: 404 },
    {
      name: 'keep, test mailing',
      path: `/preferences/${test}/keep`,
      fields: { topic: world.topicIds[0]! },
    },
    { name: 'policy', path: '/policy', long: true },
    { name: 'policy, by version', path: '/policy/2018-04-05', long: true },
    { name: 'policy, unknown version', path: '/policy/1999-01-01', status: 404 },
    { name: 'why', path: `/why/${reader}` },
    { name: 'why, test mailing', path: `/why/${test}` },
    { name: 'view', path: `/view/${reader}`, mail: true },
    { name: 'view, unknown link', path: `/view/${UNKNOWN}`, status: 404 },
    { name: 'manual form', path: '/avsluta' },
    { name: 'manual form, unreadable', path: '/avsluta', fields: { address: 'hej' }, status: 422 },
    { name: 'manual form, done', path: '/avsluta', fields: { address: 'a+b@example.com' } },
    { name: 'sign-up', path: '/signup/nyhetsbrev' },
    { name: 'sign-up, faults', path: '/signup/nyhetsbrev', fields: { email: 'hej' }, status: 422 },
    {
      name: 'check your inbox',
      path: `/preferences/${reader}/keep`,
      fields: { topic: world.topicIds[2]! },
    },
    { name: 'confirm', path: people.pending },
    { name: 'welcome', path: people.confirmed, fields: { yes: '1' } },
    { name: 'confirmed, then a no', path: people.regretted },
    { name: 'confirm, expired', path: people.expired, status: 410 },
    { name: 'confirm, unknown link', path: `/confirm/${UNKNOWN}`, status: 404 },
    { name: 'archive', path: '/archive' },
    { name: 'archived newsletter', path: `/archive/${people.campaignId}`, mail: true },
    { name: 'log-in', path: '/mina-sidor/login' },
    { name: 'log-in, no address', path: '/mina-sidor/link', fields: { email: 'hej' }, status: 422 },
    { name: 'log-in, sent', path: '/mina-sidor/link', fields: { email: 'ingen@example.com' } },
    { name: 'log-in by link', path: people.logIn },
    { name: 'log-in by link, dead', path: `/mina-sidor/link/${UNKNOWN}`, status: 410 },
    { name: 'no such page', path: '/finns-inte', status: 404 },
    { name: 'mailbox', path: '/dev/mailbox', mail: true },
    { name: 'mailbox, nothing found', path: '/dev/mailbox?to=ingen', mail: true },
    { name: 'mail in the mailbox', path: people.mail, mail: true },
    { name: 'mail by itself', path: `${people.mail}/html`, mail: true },
    { name: 'confirmation mail by itself', path: `${people.confirmationMail}/html`, mail: true },
  ];
}

async function meetPeople(world: World) {
  const names = ['lasare', 'klar', 'borta', 'paus', 'farre'];
  const campaignId = await world.mailTo(
    names.map((name) => `${name}@example.com`),
    2,
  );
  await world.testMailTo('provare@example.com', campaignId);
  const [reader, gone, paused, test] = await Promise.all(
    ['lasare', 'borta', 'paus', 'provare'].map((name) => world.token(`${name}@example.com`)),
  );
  const [text, textGone] = await Promise.all(['+46701740641', '+46701740642'].map(world.textTo));
  await fetch(`${world.service.url}/s/${textGone}`, { method: 'POST' });
  await world.sayNo('borta@example.com');
  await world.pause(paused!);

  const [pending, confirmed, regretted, expired] = await Promise.all(
    ['ny', 'valkommen', 'angrar', 'sen'].map((name) => world.signUp(`${name}@example.com`)),
  );
  await fetch(world.service.url + regretted!, { method: 'POST' });
  await until(async () => (await world.service.mailbox('angrar@example.com')).length === 2);
  await world.sayNo('angrar@example.com');
  await world.service.db.query(
    `UPDATE signup SET expires_at = now() - interval '1 day' WHERE email = 'sen@example.com'`,
  );
  return {
    campaignId,
    reader: reader!,
    gone: gone!,
    fewer: await world.token('farre@example.com'),
    paused: paused!,
    test: test!,
    text: text!,
    textGone: textGone!,
    pending: pending!,
    confirmed: confirmed!,
    regretted: regretted!,
    expired: expired!,
    logIn: await world.logInLink('borta@example.com'),
    mail: await world.mailboxPath('lasare@example.com'),
    confirmationMail: await world.mailboxPath('ny@example.com'),
  };
}
