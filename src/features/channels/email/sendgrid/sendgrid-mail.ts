import { classes } from '@sendgrid/helpers';
import type { EmailContent, EmailRecipient } from '../email-channel';
import { contentHeaders, optOutHeaders } from '../mail-headers';
import { cleanName } from '../outgoing-checks';

/** SendGrid's limit on the substitutions of one personalization: keys and values together. */
export const MAX_SUBSTITUTION_BYTES = 10_000;

export type SendGridMail = InstanceType<typeof classes.Mail>;

/** The placeholder of hole `index`; the nonce keeps it out of reach of anything a person can type. */
function placeholder(content: EmailContent, part: 'h' | 't', index: number): string {
  return `-${content.nonce}.${part}${index}-`;
}

function withPlaceholders(
  content: EmailContent,
  part: 'h' | 't',
  pieces: readonly string[],
): string {
  return pieces.reduce(
    (whole, piece, index) =>
      index === 0 ? piece : whole + placeholder(content, part, index - 1) + piece,
    '',
  );
}

/** Text and HTML as SendGrid's `content`, with placeholders where recipients differ. */
export function sharedParts(content: EmailContent): MailPart[] {
  return parts(
    withPlaceholders(content, 't', content.textPieces),
    withPlaceholders(content, 'h', content.htmlPieces),
  );
}

/** Text and HTML with one recipient's holes filled in here. */
export function ownParts(content: EmailContent, recipient: EmailRecipient): MailPart[] {
  const join = (pieces: readonly string[], holes: readonly string[]) =>
    pieces.map((piece, index) => piece + (holes[index] ?? '')).join('');
  return parts(
    join(content.textPieces, recipient.textHoles),
    join(content.htmlPieces, recipient.htmlHoles),
  );
}

export interface MailPart {
  type: string;
  value: string;
}

function parts(text: string, html: string): MailPart[] {
  // Plain text first (RFC 2046: best version last); SendGrid refuses an empty value.
  return [
    { type: 'text/plain', value: text },
    { type: 'text/html', value: html },
  ].filter(({ value }) => value !== '');
}

/** The start of each substitution as JSON, `"placeholder":`, of one content: they are the same for everybody. */
const substitutionKeys = new WeakMap<EmailContent, { html: string[]; text: string[] }>();

function keysOf(content: EmailContent): { html: string[]; text: string[] } {
  let keys = substitutionKeys.get(content);
  if (!keys) {
    const of = (part: 'h' | 't', pieces: readonly string[]) =>
      pieces.slice(1).map((_, index) => `${JSON.stringify(placeholder(content, part, index))}:`);
    keys = { html: of('h', content.htmlPieces), text: of('t', content.textPieces) };
    substitutionKeys.set(content, keys);
  }
  return keys;
}

/**
 * The recipient's holes as SendGrid's substitutions, in JSON, or null when they pass its limit, so that the message
 * needs content of its own.
 */
export function substitutionsOf(content: EmailContent, recipient: EmailRecipient): string | null {
  const { html, text } = keysOf(content);
  let json = '{';
  recipient.htmlHoles.forEach((hole, index) => {
    json += (index > 0 ? ',' : '') + html[index]! + quote(hole);
  });
  recipient.textHoles.forEach((hole, index) => {
    json += (json.length > 1 ? ',' : '') + text[index]! + quote(hole);
  });
  json += '}';
  // A UTF-16 unit is at most three bytes of UTF-8, and JSON is longer than what it holds.
  return json.length * 3 > MAX_SUBSTITUTION_BYTES && isTooLarge(json) ? null : json;
}

function isTooLarge(substitutions: string): boolean {
  let bytes = 0;
  for (const [key, value] of Object.entries(JSON.parse(substitutions) as Record<string, string>)) {
    bytes += key.length + Buffer.byteLength(value);
  }
  return bytes > MAX_SUBSTITUTION_BYTES;
}

// oxlint-disable-next-line no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON.stringify for text: most of what stands in a mail needs no escaping, and then this is several times cheaper. */
function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/**
 * One recipient, alone in its `to`, as JSON; opaque ids only in `custom_args`, which SendGrid keeps and shows to its
 * staff. Through the SDK's classes each recipient costs 9 to 22 µs more, three times our whole share.
 */
export function personalization(
  content: EmailContent,
  recipient: EmailRecipient,
  substitutions: string | null,
): string {
  const { to, subject, messageId } = recipient;
  const name = cleanName(recipient.toName ?? '');
  const headers = optOutHeaders(content, recipient)
    .map(([header, value]) => `${quote(header)}:${quote(value)}`)
    .join(',');
  return (
    `{"to":[{"email":${quote(to)}${name && `,"name":${quote(name)}`}}],"subject":${quote(subject)}` +
    (headers && `,"headers":{${headers}}`) +
    (substitutions === null ? '' : `,"substitutions":${substitutions}`) +
    `,"custom_args":{"message_id":${quote(messageId)}}}`
  );
}

/** A request of its own: nothing in it is shared with another but frozen text (CVE-2026-27492 leaked one mail into the next). */
export function buildMail(
  content: EmailContent,
  mailParts: MailPart[],
  environment: string,
): SendGridMail {
  const mail = new classes.Mail();
  mail.setFrom(content.from);
  mail.setReplyTo(content.replyTo);
  mail.setContent(mailParts);
  mail.setHeaders(Object.fromEntries(contentHeaders(content)));
  // Said in every request, whatever the account is set to: no pixel, no rewritten links, no second opt-out.
  mail.setTrackingSettings({
    clickTracking: { enable: false, enableText: false },
    openTracking: { enable: false },
    subscriptionTracking: { enable: false },
    ganalytics: { enable: false },
  });
  mail.setCustomArgs({
    env: environment,
    ...(content.campaignId && { campaign_id: content.campaignId }),
  });
  return mail;
}
