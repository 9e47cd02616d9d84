import { encodeWords } from 'nodemailer/lib/mime-funcs';
import type { EmailContent, EmailRecipient, NamedAddress } from './email-channel';

/** A header name with its value, ready for the wire (ASCII, RFC 2047 where needed, not folded). */
export type Header = readonly [name: string, value: string];

/** Non-ASCII text as RFC 2047 words; plain text as it is. */
export function encodeText(text: string): string {
  return encodeWords(text, 'Q', 52, true);
}

/** `"Name" <address>`, encoded where it must be. */
export function formatAddress({ email, name }: NamedAddress): string {
  if (name === '') return email;
  const ascii = /^[\x20-\x7e]*$/.test(name);
  return ascii
    ? `"${name.replace(/(["\\])/g, '\\$1')}" <${email}>`
    : `${encodeText(name)} <${email}>`;
}

/** Headers that all recipients of a content share; for service mail also what keeps auto-responders quiet (RFC 3834). */
export function contentHeaders(content: EmailContent): Header[] {
  if (content.kind === 'service') return [['Auto-Submitted', 'auto-generated']];
  return [
    ['List-Id', encodeListId(content.listId)],
    ['Precedence', 'bulk'],
    // Google's feedback loop: four fields, the last is the sender; a campaign, never a person.
    [
      'Feedback-ID',
      `${content.campaignId ?? 'none'}:${listName(content.listId)}:marketing:utskick`,
    ],
  ];
}

/** The pair of RFC 8058, with this recipient's own URL first (RFC 2369 3: in order of preference); nothing for service mail. */
export function optOutHeaders(content: EmailContent, recipient: EmailRecipient): Header[] {
  const { unsubscribeUrl, unsubscribeMail } = recipient;
  if (content.kind === 'service' || unsubscribeUrl === undefined) return [];
  const byMail = unsubscribeMail === undefined ? '' : `, <${unsubscribeMail}>`;
  return [
    ['List-Unsubscribe', `<${unsubscribeUrl}>${byMail}`],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
  ];
}

function encodeListId(listId: string): string {
  const [, phrase = '', id = listId] = /^(.*?)\s*<([^<>]+)>$/.exec(listId) ?? [];
  return phrase === '' ? `<${id}>` : `${encodeText(phrase)} <${id}>`;
}

function listName(listId: string): string {
  const id = /<([^<>]+)>$/.exec(listId)?.[1] ?? listId;
  return id.replace(/[^A-Za-z0-9.-]/g, '-');
}
