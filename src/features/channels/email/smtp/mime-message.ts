import { foldLines } from 'nodemailer/lib/mime-funcs';
import type { EmailContent, EmailRecipient } from '../email-channel';
import {
  contentHeaders,
  encodeText,
  formatAddress,
  optOutHeaders,
  type Header,
} from '../mail-headers';
import { cleanName } from '../outgoing-checks';
import { encodePiece } from '../quoted-printable';
import type { WireBuffers } from './wire-buffers';

/** A content with everything that its recipients share encoded once. */
export interface MimeTemplate {
  /** Header lines that all recipients share, before and after their own. */
  before: HeaderLine[];
  after: HeaderLine[];
  /** The same as they go over the wire. */
  head: string;
  tail: string;
  /** The body, `constants[0] hole[0] constants[1] … constants[n]`, through all its parts. */
  constants: Buffer[];
  /** All constants together. */
  length: number;
  hasText: boolean;
  hasHtml: boolean;
  domain: string;
}

/** A header line in the form that nodemailer's DKIM canonicalisation reads. */
export interface HeaderLine {
  key: string;
  line: string;
}

export interface MimeMessage {
  /** The recipient's own header lines. */
  own: HeaderLine[];
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
    ...contentHeaders(content).map(toLine),
  ];
  const after = [headerLine('Content-Type', `multipart/alternative; boundary="${boundary}"`)];
  const parts: [type: string, pieces: readonly string[]][] = [
    ['text/plain', content.textPieces],
    ['text/html', content.htmlPieces],
  ];
  const exists = (pieces: readonly string[]) => pieces.length > 1 || (pieces[0] ?? '') !== '';
  const constants = [''];
  for (const [type, pieces] of parts.filter(([, some]) => exists(some))) {
    const [first = '', ...others] = pieces.map(encodePiece);
    constants[constants.length - 1] +=
      `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${first}`;
    constants.push(...others);
    // The CRLF before a boundary belongs to the boundary.
    constants[constants.length - 1] += '\r\n';
  }
  constants[constants.length - 1] += `--${boundary}--\r\n`;
  return {
    before,
    after,
    head: before.map(onWire).join(''),
    tail: after.map(onWire).join('') + '\r\n',
    constants: constants.map((constant) => Buffer.from(constant, 'latin1')),
    length: constants.reduce((sum, constant) => sum + constant.length, 0),
    hasText: exists(content.textPieces),
    hasHtml: exists(content.htmlPieces),
    domain: content.from.email.slice(content.from.email.lastIndexOf('@') + 1),
  };
}

/** The whole message of one recipient, whose holes fit the template's content. */
export function composeMime(
  template: MimeTemplate,
  content: EmailContent,
  recipient: EmailRecipient,
  date: string,
  buffers: WireBuffers,
): MimeMessage {
  const to = { email: recipient.to, name: cleanName(recipient.toName ?? '') };
  const own = [
    headerLine('Date', date),
    headerLine('Message-ID', `<${recipient.messageId}@${template.domain}>`),
    headerLine('To', formatAddress(to)),
    headerLine('Subject', encodeText(recipient.subject)),
    ...optOutHeaders(content, recipient).map(toLine),
  ];
  const head = template.head + own.map(onWire).join('') + template.tail;
  const holes = [
    ...(template.hasText ? recipient.textHoles : []),
    ...(template.hasHtml ? recipient.htmlHoles : []),
  ].map(encodePiece);
  const length = holes.reduce((sum, hole) => sum + hole.length, head.length + template.length);
  // What is encoded is ASCII: as many bytes as characters.
  const wire = buffers.take(length);
  let at = wire.write(head, 0, 'latin1');
  template.constants.forEach((constant, index) => {
    wire.set(constant, at);
    at += constant.length;
    if (index < holes.length) at += wire.write(holes[index]!, at, 'latin1');
  });
  return { own, wire, bodyAt: head.length };
}

/** A mail's date as its header has it (RFC 5322 3.3). */
export function mailDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

function onWire({ line }: HeaderLine): string {
  return line + '\r\n';
}

function toLine([name, value]: Header): HeaderLine {
  return headerLine(name, value);
}

const LINE = 76;

// Never folded: some receivers read a folded URL as two, and folding inside one broke DKIM (nodemailer #1654).
const WHOLE = new Set(['list-unsubscribe', 'list-unsubscribe-post', 'message-id']);

function headerLine(name: string, value: string): HeaderLine {
  const key = name.toLowerCase();
  const line = `${name}: ${value}`;
  return { key, line: line.length < LINE || WHOLE.has(key) ? line : foldLines(line, LINE) };
}
