import type { Channel } from '../../src/domain/address';
import { postMail } from '../provider-stub/inbound-parse';
import type { SendGridStub } from '../provider-stub/sendgrid-stub';
import {
  inboundCall,
  statusCall,
  type SignedCall,
  type TakenSms,
  type TwilioStub,
} from '../provider-stub/twilio-stub';
import { learner, type Caller } from '../setup/callers';
import type { Service } from '../setup/service';

/** Who says no, and all that a door may know them by. */
export interface Leaver {
  email: string;
  phone: string;
  contactId: string;
  externalId: string;
  /** The opt-out URL and the id of a mail they got earlier; none for a stranger. */
  link: string;
  messageId: string;
  /** The same of a text message. */
  shortLink: string;
  sms: TakenSms;
}

/** The product's front, as the world outside reaches it. */
export interface Front {
  service: Service;
  mails: SendGridStub;
  texts: TwilioStub;
  topicId: string;
  apiKey: Caller;
  customerService: Caller;
  privacyOfficer: Caller;
}

export interface OptOutDoor {
  name: string;
  /** What a person must have for the door to be theirs to use. */
  needs: 'message' | 'address' | 'contact';
  /** The address that the no is said about; null: the person. */
  about: Channel | null;
  /** Door and detail that the ledger must name. */
  door: string;
  detail?: string;
  knock: (front: Front, leaver: Leaver) => Promise<Response>;
}

type Fields = Record<string, string>;

const form = (url: string, fields?: Fields, headers: Fields = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers,
    ...(fields && { body: new URLSearchParams(fields) }),
  });

const linkOf = (channel: Channel, { service }: Front, { link, shortLink }: Leaver): string =>
  service.local(channel === 'email' ? link : shortLink);

const byLink = (channel: Channel, detail: string, body?: Fields): OptOutDoor => ({
  name: `link of ${channel === 'email' ? 'a mail' : 'a text message'}, ${detail}`,
  needs: 'message',
  about: channel,
  door: channel === 'email' ? 'link' : 'sms_link',
  detail,
  knock: (front, leaver) => form(linkOf(channel, front, leaver), body),
});

const byPreferences = (
  channel: Channel,
  detail: string,
  fields: (topicId: string) => Fields,
): OptOutDoor => ({
  name: `preference page from ${channel}, ${detail}`,
  needs: 'message',
  about: channel,
  door: 'preference_page',
  detail,
  knock: (front, leaver) =>
    form(
      linkOf(channel, front, leaver).replace(/\/[us]\//, '/preferences/'),
      fields(front.topicId),
    ),
});

/** An address on the internet of somebody's own, from those for documentation (RFC 5737). */
const at = ({ phone }: Leaver): string => `203.0.113.${Number(phone.slice(-3)) % 250}`;

const byForm = (about: Channel, typed: (leaver: Leaver) => string): OptOutDoor => ({
  name: `form without a link, ${about}`,
  needs: 'address',
  about,
  door: 'manual_form',
  // Another spelling than we hold: what people type, each at home.
  knock: ({ service }, leaver) =>
    form(`${service.url}/avsluta`, { address: typed(leaver) }, { 'x-forwarded-for': at(leaver) }),
});

const byEvent = (
  kind: string,
  by: 'message' | 'address',
  entry: { door: string; detail: string },
  more: Fields = {},
): OptOutDoor => ({
  name: `${kind} event, by ${by === 'message' ? 'our message id' : 'address alone'}`,
  needs: by,
  about: 'email',
  ...entry,
  knock: async ({ service, mails }, { email, messageId }) => {
    const about = by === 'message' ? { messageId } : { to: email };
    const { body, headers } = mails.events.sign([mails.events.event(kind, about, more)]);
    const url = `${service.url}/webhooks/sendgrid/events`;
    return fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  },
});

const signed = ({ service }: Front, { url, body, signature }: SignedCall): Promise<Response> =>
  fetch(service.local(url), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': signature,
    },
    body,
  });

const byKeyword = (text: string): OptOutDoor => ({
  name: `a text message that says ${text}`,
  needs: 'address',
  about: 'sms',
  door: 'sms_keyword',
  knock: (front, { phone }) =>
    signed(front, inboundCall(front.service.env.link('/webhooks/twilio/inbound'), phone, text)),
});

/** https://www.twilio.com/docs/api/errors/21610 */
const STOPPED = 21610;

const byBlock: OptOutDoor = {
  name: 'undelivered event, because Twilio blocks the number',
  needs: 'message',
  about: 'sms',
  door: 'provider_block',
  knock: (front, { sms }) => signed(front, statusCall(sms, 'undelivered', STOPPED)),
};

type CallerName = 'apiKey' | 'customerService' | 'privacyOfficer';
type Target = 'address' | 'number' | 'contactId' | 'externalId';

const CALLERS: Record<CallerName, string> = {
  apiKey: 'API key',
  customerService: 'customer service',
  privacyOfficer: 'privacy officer',
};
const ABOUT: Record<Target, Channel | null> = {
  address: 'email',
  number: 'sms',
  contactId: null,
  externalId: null,
};

const byApi = (caller: CallerName, target: Target, door: string, named = false): OptOutDoor => ({
  name: `${CALLERS[caller]}, by ${target}${named ? `, for ${door}` : ''}`,
  needs: ABOUT[target] ? 'address' : 'contact',
  about: ABOUT[target],
  door,
  knock: (front, { email, phone, contactId, externalId }) => {
    const target_ = { address: { address: email }, number: { address: phone } };
    const body = { ...target_, contactId: { contactId }, externalId: { externalId } }[target];
    return fetch(`${front.service.url}/api/v1/opt-outs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...front[caller].headers },
      body: JSON.stringify({ ...body, ...(named && { door }) }),
    });
  },
});

/** Said on the phone: an agent writes it down. */
const byDesk = (target: 'address' | 'number' | 'contactId'): OptOutDoor => ({
  name: `service desk, by ${target}`,
  needs: ABOUT[target] ? 'address' : 'contact',
  about: ABOUT[target],
  door: 'service_desk',
  knock: ({ service, customerService }, { email, phone, contactId }) =>
    fetch(`${service.url}/api/v1/service-desk/opt-outs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...customerService.headers },
      body: JSON.stringify({
        ...(target === 'contactId'
          ? { contactId }
          : { address: target === 'number' ? phone : email }),
        cameBy: 'phone',
      }),
    }),
});

/** Of the topic that the front's campaigns are about. */
const TOPIC_KEY = 'nyhetsbrev';
const MY_PREFERENCES = '/api/v1/me/preferences';

const byMinaSidor = (detail: string, how: string, request: (headers: Fields) => RequestInit) => ({
  name: `Mina sidor, ${detail}, ${how}`,
  needs: 'contact' as const,
  about: null,
  door: 'mina_sidor',
  detail,
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

/** Every door through which a no can come in. */
export const DOORS: readonly OptOutDoor[] = [
  byLink('email', 'one_click', { 'List-Unsubscribe': 'One-Click' }),
  byLink('email', 'form', { form: '1' }),
  byLink('email', 'bare'),
  byLink('sms', 'form', { form: '1' }),
  byLink('sms', 'bare'),
  byPreferences('email', 'all', () => ({ action: 'all' })),
  byPreferences('email', 'topic', (topicId) => ({ action: 'stop', stop: topicId })),
  byPreferences('sms', 'all', () => ({ action: 'all' })),
  byPreferences('sms', 'topic', (topicId) => ({ action: 'stop', stop: topicId })),
  byForm('email', ({ email }) => ` ${email.toUpperCase()} `),
  byForm('sms', ({ phone }) => phone.replace('+46', '0046 (0)')),
  byKeyword('STOPP'),
  byKeyword('stop tack'),
  byBlock,
  byEvent('spamreport', 'message', complaint),
  byEvent('spamreport', 'address', complaint),
  byEvent('unsubscribe', 'message', providerNo('unsubscribe')),
  byEvent('unsubscribe', 'address', providerNo('unsubscribe')),
  byEvent('group_unsubscribe', 'message', providerNo('group_unsubscribe')),
  byEvent('dropped', 'message', providerNo('dropped'), { reason: 'Unsubscribed Address' }),
  byEvent('dropped', 'address', providerNo('dropped'), { reason: 'Spam Reporting Address' }),
  byApi('apiKey', 'address', 'api'),
  byApi('apiKey', 'number', 'api'),
  byApi('apiKey', 'contactId', 'api'),
  byApi('apiKey', 'externalId', 'api'),
  byApi('apiKey', 'address', 'crm_sync', true),
  byApi('apiKey', 'contactId', 'mina_sidor', true),
  byMinaSidor('all', 'by API', putMine({ everythingOff: true })),
  byMinaSidor('all', 'by its page', postMine({ action: 'all' })),
  byMinaSidor(
    'topic',
    'by API',
    putMine({
      topics: [
        { key: TOPIC_KEY, channel: 'email', on: false },
        { key: TOPIC_KEY, channel: 'sms', on: false },
      ],
    }),
  ),
  byMinaSidor('topic', 'by its page', postMine({ was: `${TOPIC_KEY}:email ${TOPIC_KEY}:sms` })),
  byApi('customerService', 'address', 'service_desk'),
  byApi('customerService', 'number', 'service_desk'),
  byApi('customerService', 'contactId', 'service_desk'),
  byApi('privacyOfficer', 'address', 'privacy_officer', true),
  byApi('privacyOfficer', 'number', 'privacy_officer', true),
  byApi('privacyOfficer', 'contactId', 'privacy_officer', true),
  byDesk('address'),
  byDesk('number'),
  byDesk('contactId'),
  {
    name: 'mail with the word of the link',
    needs: 'message',
    about: 'email',
    door: 'reply_mail',
    detail: 'keyword',
    knock: ({ service }, { email, link }) =>
      postMail(service.url, { from: email, subject: `avsluta ${link.split('/').at(-1)}` }),
  },
];
