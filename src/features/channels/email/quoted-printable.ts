import { encode, wrap } from 'nodemailer/lib/qp';

// 76 (RFC 2045 6.7) less what is added after wrapping: the soft break that ends a piece, and one "=2E".
const LINE = 73;

/**
 * One piece of a body as quoted-printable that can stand after any other: it starts and ends at the beginning
 * of a line (by a soft break, which decodes to nothing), so pieces encoded once can be joined with pieces
 * encoded per recipient. Tabs and repeated spaces are written as =09 and =20: what "relaxed" DKIM would
 * collapse is then never there, and the body's hash is that of its bytes. A dot at the start of a line is =2E, so
 * that SMTP has none to double (RFC 5321 4.5.2).
 */
export function encodePiece(text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const encoded = encode(text.replace(/\r\n?|\n/g, '\r\n'))
    .replace(/\t/g, '=09')
    .replace(/ (?=[ ]|\r\n)/g, '=20');
  return Buffer.from(wrap(encoded, LINE).replace(/^\./gm, '=2E') + '=\r\n', 'latin1');
}
