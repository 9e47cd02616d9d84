import type { EmailContent, EmailRecipient, NamedAddress } from './email-channel';

/** A header name with its value, ready for the wire (ASCII, RFC 2047 where needed, not folded). */
export type Header = readonly [name: string, value: string];

const WORD = { begin: '=?UTF-8?Q?', end: '?=' };
/** An encoded word is at most 75 characters long (RFC 2047 2). */
const IN_WORD = 75 - WORD.begin.length - WORD.end.length;

/** What stands for each byte in an encoded word, wherever in a header (RFC 2047 5): itself, _ or =XX. */
const IN_HEADER = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (character === ' ') return '_';
  if (/[A-Za-z0-9!*+/-]/.test(character)) return character;
  return '=' + byte.toString(16).toUpperCase().padStart(2, '0');
});

/**
 * Non-ASCII text as RFC 2047 words with a space between them, each of whole characters; plain text as it is, unless
 * it would be read as such a word. Our own: nodemailer's takes a twentieth of a worker's time.
 */
export function encodeText(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text;
  const bytes = Buffer.from(text);
  let words = WORD.begin;
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    let character = IN_HEADER[bytes[at++]!]!;
    while ((bytes[at]! & 0xc0) === 0x80) character += IN_HEADER[bytes[at++]!]!;
    if (length + character.length > IN_WORD) {
      words += `${WORD.end} ${WORD.begin}`;
      length = 0;
    }
    words += character;
    length += character.length;
  }
  return words + WORD.end;
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
