import type { SendGridStub } from '../provider-stub/sendgrid-stub';
import { learner, type Caller } from '../setup/callers';
import type { Service } from '../setup/service';

/** Who says no, and all that a door may know them by. */
export interface Leaver {
  email: string;
  contactId: string;
  externalId: string;
  /** The opt-out URL and the id of a mail they got earlier; none for a stranger. */
  link: string;
  messageId: string;
}

/** The product's front, as the world outside reaches it. */
export interface Front {
  service: Service;
  stub: SendGridStub;
  topicId: string;
  apiKey: Caller;
  customerService: Caller;
  privacyOfficer: Caller;
}

export interface OptOutDoor {
  name: string;
  /** What a person must have for the door to be theirs to use. */
  needs: 'mail' | 'address' | 'contact';
  /** Door and detail that the ledger must name. */
  door: string;
  detail?: string;
  /** What the gate must say of it. */
  reason: 'suppressed_address' | 'suppressed_person';
  knock: (front: Front, leaver: Leaver) => Promise<Response>;
}

type Fields = Record<string, string>;

const form = (url: string, fields: Fields): Promise<Response> =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

const byLink = (detail: string, body?: Fields): OptOutDoor => ({
  name: `link, ${detail}`,
  needs: 'mail',
  door: 'link',
  detail,
  reason: 'suppressed_address',
  knock: ({ service }, { link }) =>
    body
      ? form(service.local(link), body)
      : fetch(service.local(link), { method: 'POST', redirect: 'manual' }),
});

const byPreferences = (detail: string, fields: (topicId: string) => Fields): OptOutDoor => ({
  name: `preference page, ${detail}`,
  needs: 'mail',
  door: 'preference_page',
  detail,
  reason: 'suppressed_address',
  knock: ({ service, topicId }, { link }) =>
    form(service.local(link).replace('/u/', '/preferences/'), fields(topicId)),
});

const byEvent = (
  kind: string,
  by: 'mail' | 'address',
  entry: { door: string; detail: string },
  more: Fields = {},
): OptOutDoor => ({
  name: `${kind} event, by ${by === 'mail' ? 'our message id' : 'address alone'}`,
  needs: by,
  ...entry,
  reason: 'suppressed_address',
  knock: async ({ service, stub }, { email, messageId }) => {
    const about = by === 'mail' ? { messageId } : { to: email };
    const { body, headers } = stub.events.sign([stub.events.event(kind, about, more)]);
    const url = `${service.url}/webhooks/sendgrid/events`;
    return fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  },
});

type CallerName = 'apiKey' | 'customerService' | 'privacyOfficer';
type Target = 'address' | 'contactId' | 'externalId';

const CALLERS: Record<CallerName, string> = {
  apiKey: 'API key',
  customerService: 'customer service',
  privacyOfficer: 'privacy officer',
};

const byApi = (caller: CallerName, target: Target, door: string, named = false): OptOutDoor => ({
  name: `${CALLERS[caller]}, by ${target}${named ? `, for ${door}` : ''}`,
  needs: target === 'address' ? 'address' : 'contact',
  door,
  reason: target === 'address' ? 'suppressed_address' : 'suppressed_person',
  knock: (front, leaver) => {
    const value = target === 'address' ? leaver.email : leaver[target];
    return fetch(`${front.service.url}/api/v1/opt-outs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...front[caller].headers },
      body: JSON.stringify({ [target]: value, ...(named && { door }) }),
    });
  },
});

/** Of the topic that the front's campaigns are about. */
const TOPIC_KEY = 'nyhetsbrev';
const MY_PREFERENCES = '/api/v1/me/preferences';

const byMinaSidor = (detail: string, how: string, request: (headers: Fields) => RequestInit) => ({
  name: `Mina sidor, ${detail}, ${how}`,
  needs: 'contact' as const,
  door: 'mina_sidor',
  detail,
  reason: 'suppressed_person' as const,
  knock: async ({ service }: Front, { contactId }: Leaver): Promise<Response> => {
    const { headers } = await learner(service, contactId);
    const path = how === 'by API' ? MY_PREFERENCES : '/mina-sidor';
    return fetch(service.url + path, request(headers));
  },
});

const putMine = (change: object) => (headers: Fields) => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(change),
});

const postMine = (fields: Fields) => (headers: Fields) => ({
  method: 'POST',
  headers,
  body: new URLSearchParams(fields),
});

const complaint = { door: 'spam_complaint', detail: 'spamreport' };
const providerNo = (detail: string) => ({ door: 'provider_unsubscribe', detail });

/** Every door through which a no to email can come in today. */
export const DOORS: readonly OptOutDoor[] = [
  byLink('one_click', { 'List-Unsubscribe': 'One-Click' }),
  byLink('form', { form: '1' }),
  byLink('bare'),
  byPreferences('all', () => ({ action: 'all' })),
  byPreferences('topic', (topicId) => ({ action: 'stop', stop: topicId })),
  {
    name: 'form without a link',
    needs: 'address',
    door: 'manual_form',
    reason: 'suppressed_address',
    knock: ({ service }, { email }) =>
      // Another spelling than we hold: what people type.
      form(`${service.url}/avsluta`, { address: ` ${email.toUpperCase()} ` }),
  },
  byEvent('spamreport', 'mail', complaint),
  byEvent('spamreport', 'address', complaint),
  byEvent('unsubscribe', 'mail', providerNo('unsubscribe')),
  byEvent('unsubscribe', 'address', providerNo('unsubscribe')),
  byEvent('group_unsubscribe', 'mail', providerNo('group_unsubscribe')),
  byEvent('dropped', 'mail', providerNo('dropped'), { reason: 'Unsubscribed Address' }),
  byEvent('dropped', 'address', providerNo('dropped'), { reason: 'Spam Reporting Address' }),
  byApi('apiKey', 'address', 'api'),
  byApi('apiKey', 'contactId', 'api'),
  byApi('apiKey', 'externalId', 'api'),
  byApi('apiKey', 'address', 'crm_sync', true),
  byApi('apiKey', 'contactId', 'mina_sidor', true),
  byMinaSidor('all', 'by API', putMine({ everythingOff: true })),
  byMinaSidor('all', 'by its page', postMine({ action: 'all' })),
  byMinaSidor(
    'topic',
    'by API',
    putMine({ topics: [{ key: TOPIC_KEY, channel: 'email', on: false }] }),
  ),
  byMinaSidor('topic', 'by its page', postMine({ was: `${TOPIC_KEY}:email` })),
  byApi('customerService', 'address', 'service_desk'),
  byApi('customerService', 'contactId', 'service_desk'),
  byApi('privacyOfficer', 'address', 'privacy_officer', true),
  byApi('privacyOfficer', 'contactId', 'privacy_officer', true),
];
