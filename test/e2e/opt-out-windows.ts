import type { Explanation } from '../../src/features/registry/explain.dto';
import type { Preferences } from '../../src/features/my-pages/choices/my-preferences.dto';
import type { DeskFound } from '../../src/features/service-desk/search-desk.dto';
import { learner, type Caller } from '../setup/callers';
import type { Front, Leaver } from './opt-out-doors';

/** What the front's campaigns are about. */
const TOPIC = 'nyhetsbrev';

/** Where somebody can see what is so; true: it says that nothing is sent to them any more. */
export interface OptOutWindow {
  name: string;
  showsIt: (front: Front, leaver: Leaver) => Promise<boolean>;
}

const page = (name: string, path: (leaver: Leaver) => string, words: RegExp): OptOutWindow => ({
  name,
  showsIt: async ({ service }, leaver) =>
    words.test(await (await fetch(service.local(path(leaver)))).text()),
});

async function ask<Answer>(
  { service }: Front,
  caller: Caller,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${service.url}/api/v1/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...caller.headers },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const saysNo = ({ addresses }: Explanation): boolean =>
  addresses.length > 0 &&
  addresses.every(({ topics }) =>
    topics.filter(({ topicKey }) => topicKey === TOPIC).every(({ allowed }) => !allowed),
  );

const lookup = (name: string, body: (leaver: Leaver) => object): OptOutWindow => ({
  name: `registry, by ${name}`,
  showsIt: async (front, leaver) =>
    saysNo(await ask(front, front.customerService, 'registry/lookup', body(leaver))),
});

const desk = (by: string, query: (leaver: Leaver) => string): OptOutWindow => ({
  name: `service desk, by ${by}`,
  showsIt: async (front, leaver) => {
    const path = 'service-desk/search';
    const found = await ask<DeskFound>(front, front.customerService, path, {
      query: query(leaver),
    });
    return found.items.length === 1 && !found.items[0]!.mayWrite;
  },
});

/** Pages that speak of a no to everything only. */
export const PAGES: readonly OptOutWindow[] = [
  page('link of the mail', ({ link }) => link, /redan avregistrera[dt]/),
  page('link of the text message', ({ shortLink }) => shortLink, /redan avregistrera[dt]/),
];

/** Everything else that tells what is so. */
export const WINDOWS: readonly OptOutWindow[] = [
  page(
    'preference page from the mail',
    ({ link }) => link.replace('/u/', '/preferences/'),
    /Du får ingen marknadsföring från oss/,
  ),
  page(
    'preference page from the text message',
    ({ shortLink }) =>
      shortLink.replace(/https?:\/\/[^/]+\/s\//, (start) => start.replace('/s/', '/preferences/')),
    /Du får ingen marknadsföring från oss/,
  ),
  lookup('address', ({ email }) => ({ channel: 'email', address: email })),
  lookup('number', ({ phone }) => ({ channel: 'sms', address: phone })),
  {
    name: 'registry, by person',
    showsIt: async (front, { contactId }) =>
      saysNo(await ask(front, front.customerService, `registry/contacts/${contactId}`)),
  },
  desk('address', ({ email }) => email),
  desk('number', ({ phone }) => phone),
  desk('your id', ({ externalId }) => externalId),
  {
    name: 'Mina sidor',
    showsIt: async (front, { contactId }) => {
      const caller = await learner(front.service, contactId);
      const { topics } = await ask<Preferences>(front, caller, 'me/preferences');
      const topic = topics.find(({ key }) => key === TOPIC)!;
      return !topic.channels.email.on && topic.channels.sms?.on === false;
    },
  },
];
