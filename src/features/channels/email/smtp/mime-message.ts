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

/** A content with its static pieces encoded once; recipients add only what differs. */
export interface MimeTemplate {
  /** `Name: value` lines that all recipients share, each with its CRLF. */
  headerLines: HeaderLine[];
  text: Buffer[];
  html: Buffer[];
  boundary: string;
  domain: string;
}

/** A header line in the form that nodemailer's DKIM signer reads. */
export interface HeaderLine {
  key: string;
  line: string;
}

export interface MimeMessage {
  headerLines: HeaderLine[];
  body: Buffer;
}

export function compileMime(content: EmailContent): MimeTemplate {
  return {
    headerLines: [
      headerLine('MIME-Version', '1.0'),
      headerLine('From', formatAddress(content.from)),
      headerLine('Reply-To', formatAddress(content.replyTo)),
      ...contentHeaders(content).map(toLine),
    ],
    text: content.textPieces.map(encodePiece),
    html: content.htmlPieces.map(encodePiece),
    // "=_" cannot come out of quoted-printable, so no body can hold this line.
    boundary: `=_utskick_${content.nonce}`,
    domain: content.from.email.slice(content.from.email.lastIndexOf('@') + 1),
  };
}

/** The whole message of one recipient, ready to sign: headers as lines, body as bytes. */
export function composeMime(
  template: MimeTemplate,
  content: EmailContent,
  recipient: EmailRecipient,
  date: Date,
): MimeMessage {
  const { boundary } = template;
  const own = [
    headerLine('Date', date.toUTCString().replace('GMT', '+0000')),
    headerLine('Message-ID', `<${recipient.messageId}@${template.domain}>`),
    headerLine(
      'To',
      formatAddress({ email: recipient.to, name: cleanName(recipient.toName ?? '') }),
    ),
    headerLine('Subject', encodeText(recipient.subject)),
    ...optOutHeaders(content, recipient).map(toLine),
  ];
  const parts: [type: string, pieces: Buffer[], holes: readonly string[]][] = [
    ['text/plain', template.text, recipient.textHoles],
    ['text/html', template.html, recipient.htmlHoles],
  ];
  const body: Buffer[] = [];
  for (const [type, pieces, holes] of parts) {
    if (pieces.length <= 1 && (pieces[0]?.length ?? 0) === 0) continue;
    body.push(
      Buffer.from(
        `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
      ),
    );
    pieces.forEach((piece, index) => {
      body.push(piece);
      if (index < holes.length) body.push(encodePiece(holes[index] ?? ''));
    });
    // The CRLF before a boundary belongs to the boundary.
    body.push(CRLF);
  }
  body.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    headerLines: [
      ...template.headerLines,
      ...own,
      headerLine('Content-Type', `multipart/alternative; boundary="${boundary}"`),
    ],
    body: Buffer.concat(body),
  };
}

/** Headers and body as they go over the wire. */
export function toWire({ headerLines, body }: MimeMessage, signature = ''): Buffer {
  const head = headerLines.map(({ line }) => line + '\r\n').join('');
  return Buffer.concat([Buffer.from(`${signature}${head}\r\n`), body]);
}

const CRLF = Buffer.from('\r\n');

function toLine([name, value]: Header): HeaderLine {
  return headerLine(name, value);
}

// Never folded: some receivers read a folded URL as two, and folding inside one broke DKIM (nodemailer #1654).
const WHOLE = new Set(['list-unsubscribe', 'list-unsubscribe-post', 'message-id']);

function headerLine(name: string, value: string): HeaderLine {
  const key = name.toLowerCase();
  const line = `${name}: ${value}`;
  return { key, line: WHOLE.has(key) ? line : foldLines(line, 76) };
}
