import type { EmailContent, EmailRecipient, NamedAddress } from './email-channel';

/** A header name with its value, ready for the wire (ASCII, RFC 2047 where needed, not folded). */
export type Header = readonly [name: string, value: string];

const BEGIN = '=?UTF-8?Q?';
const END = '?=';
const BETWEEN = `${END} ${BEGIN}`;
/** An encoded word is at most 75 characters long (RFC 2047 2). */
const IN_WORD = 75 - BEGIN.length - END.length;

const HEX = Buffer.from('0123456789ABCDEF');
const [SPACE, UNDERSCORE, EQUALS] = [0x20, 0x5f, 0x3d];
/** What stands for a byte in an encoded word wherever in a header (RFC 2047 5); 0: =XX. */
const AS_IT_IS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === SPACE) return UNDERSCORE;
  return /[A-Za-z0-9!*+/-]/.test(String.fromCharCode(byte)) ? byte : 0;
});

/**
 * Non-ASCII text as RFC 2047 words with a space between them, each of whole characters; plain text as it is, unless
 * it would be read as such a word. Our own: nodemailer's took a twentieth of a worker's time.
 */
export function encodeText(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text;
  const bytes = Buffer.from(text);
  // Three for each byte, and a fourth for the words around them.
  const out = Buffer.allocUnsafe(BETWEEN.length + bytes.length * 4);
  let at = out.write(BEGIN, 'latin1');
  let room = IN_WORD;
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = from + 1;
    while ((bytes[to]! & 0xc0) === 0x80) to += 1;
    const itself = to - from === 1 ? AS_IT_IS[bytes[from]!]! : 0;
    const length = itself === 0 ? 3 * (to - from) : 1;
    if (length > room) {
      at += out.write(BETWEEN, at, 'latin1');
      room = IN_WORD;
    }
    room -= length;
    if (itself !== 0) out[at++] = itself;
    for (let byte = from; itself === 0 && byte < to; byte += 1) {
      out[at++] = EQUALS;
      out[at++] = HEX[bytes[byte]! >> 4]!;
      out[at++] = HEX[bytes[byte]! & 15]!;
    }
  }
  return out.toString('latin1', 0, at) + END;
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
