import { foldLines } from 'nodemailer/lib/mime-funcs';
import type { EmailContent, EmailRecipient } from '../email-channel';
import { contentHeaders, encodeText, formatAddress, optOutHeaders } from '../mail-headers';
import { cleanName } from '../outgoing-checks';
import { encodePiece, SOFT_BREAK } from '../quoted-printable';
import type { WireBuffers } from './wire-buffers';

/** A content with everything that its recipients share encoded once. */
export interface MimeTemplate {
  /** Header lines that all recipients share, before and after their own. */
  before: string[];
  after: string[];
  /** What goes over the wire before the recipient's own header lines. */
  head: Buffer;
  /** What follows them: `constants[0] hole[0] constants[1] … constants[n]`, through all parts of the body. */
  constants: Buffer[];
  /** How much of the first constant is headers. */
  bodyAfter: number;
  /** Head and all constants together. */
  length: number;
  hasText: boolean;
  hasHtml: boolean;
  domain: string;
}

export interface MimeMessage {
  /** The recipient's own header lines. */
  own: string[];
  /** Headers and body as they go over the wire, without the final dot. */
  wire: Buffer;
  /** Where in `wire` the body begins. */
  bodyAt: number;
}

export function compileMime(content: EmailContent): MimeTemplate {
  // "=_" cannot come out of quoted-printable, so no body can hold this line.
  const boundary = `=_utskick_${content.nonce}`;
  const before = [
    headerLine('MIME-Version', '1.0'),
    headerLine('From', formatAddress(content.from)),
    headerLine('Reply-To', formatAddress(content.replyTo)),
    ...contentHeaders(content).map(([name, value]) => headerLine(name, value)),
  ];
  const after = [headerLine('Content-Type', `multipart/alternative; boundary="${boundary}"`)];
  const parts: [type: string, pieces: readonly string[]][] = [
    ['text/plain', content.textPieces],
    ['text/html', content.htmlPieces],
  ];
  const exists = (pieces: readonly string[]) => pieces.length > 1 || (pieces[0] ?? '') !== '';
  const tail = after.map(onWire).join('') + '\r\n';
  const constants = [tail];
  for (const [type, pieces] of parts.filter(([, some]) => exists(some))) {
    const [first = '', ...others] = pieces.map((piece) => piece && encodePiece(piece) + SOFT_BREAK);
    constants[constants.length - 1] +=
      `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${first}`;
    // The break before each is that of the hole.
    constants.push(...others.map((other) => SOFT_BREAK + other));
    // The CRLF before a boundary belongs to the boundary.
    constants[constants.length - 1] += '\r\n';
  }
  constants[constants.length - 1] += `--${boundary}--\r\n`;
  const head = before.map(onWire).join('');
  return {
    before,
    after,
    head: Buffer.from(head, 'latin1'),
    constants: constants.map((constant) => Buffer.from(constant, 'latin1')),
    bodyAfter: tail.length,
    length: constants.reduce((sum, constant) => sum + constant.length, head.length),
    hasText: exists(content.textPieces),
    hasHtml: exists(content.htmlPieces),
    domain: content.from.email.slice(content.from.email.lastIndexOf('@') + 1),
  };
}

/**
 * The whole message of one recipient, whose holes fit the template's content. Each part is written to its place as it is:
 * joining them first was two fifths of all that a worker allocated.
 */
export function composeMime(
  template: MimeTemplate,
  content: EmailContent,
  recipient: EmailRecipient,
  date: string,
  buffers: WireBuffers,
): MimeMessage {
  const to = { email: recipient.to, name: cleanName(recipient.toName ?? '') };
  const own = [
    `Date: ${date}`,
    `Message-ID: <${recipient.messageId}@${template.domain}>`,
    headerLine('To', formatAddress(to)),
    headerLine('Subject', encodeText(recipient.subject)),
    ...optOutHeaders(content, recipient).map(([name, value]) => headerLine(name, value)),
  ];
  const holes: string[] = [];
  if (template.hasText) for (const hole of recipient.textHoles) holes.push(encodePiece(hole));
  if (template.hasHtml) for (const hole of recipient.htmlHoles) holes.push(encodePiece(hole));
  let { length } = template;
  for (const line of own) length += line.length + CRLF.length;
  for (const hole of holes) length += hole.length;
  // What is encoded is ASCII: as many bytes as characters.
  const wire = buffers.take(length);
  wire.set(template.head);
  let at = template.head.length;
  for (const line of own) {
    at += wire.write(line, at, 'latin1');
    wire.set(CRLF, at);
    at += CRLF.length;
  }
  const bodyAt = at + template.bodyAfter;
  template.constants.forEach((constant, index) => {
    wire.set(constant, at);
    at += constant.length;
    if (index < holes.length) at += wire.write(holes[index]!, at, 'latin1');
  });
  return { own, wire, bodyAt };
}

/** A mail's date as its header has it (RFC 5322 3.3). */
export function mailDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

const CRLF = Buffer.from('\r\n');

function onWire(line: string): string {
  return line + '\r\n';
}

const LINE = 76;

// Never folded: some receivers read a folded URL as two, and folding inside one broke DKIM (nodemailer #1654).
const WHOLE = new Set(['List-Unsubscribe', 'List-Unsubscribe-Post']);

function headerLine(name: string, value: string): string {
  const line = `${name}: ${value}`;
  return line.length < LINE || WHOLE.has(name) ? line : foldLines(line, LINE);
}
