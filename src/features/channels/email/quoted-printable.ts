// 76 (RFC 2045 6.7) less the "=" of a soft break.
const LINE = 75;

/** Nothing to encode, no space but single ones between words, and it fits on a line: what most holes hold. */
const PLAIN = /^[!-\-/-<>-~][!-<>-~]*(?: [!-<>-~]+)*$/;

/** What stands for each byte: itself, or =XX. */
const ENCODED = Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && byte < 0x7f && byte !== 0x3d
    ? String.fromCharCode(byte)
    : '=' + byte.toString(16).toUpperCase().padStart(2, '0'),
);

const SPACE = 0x20;
const CR = 0x0d;

/** Towns, titles, companies and first names come again and again; a piece longer than this hardly does. */
const LONGEST_KEPT = 200;
const KEPT = 10_000;
const kept = new Map<string, string>();

/** Decodes to nothing; stands behind each piece, so that the next starts at the beginning of a line. */
export const SOFT_BREAK = '=\r\n';

/**
 * One piece of a body as quoted-printable, to stand between soft breaks: pieces encoded once can so be joined with
 * pieces encoded per recipient. Tabs and repeated spaces are written as =09 and =20: what "relaxed" DKIM would
 * collapse is then never there, and the body's hash is that of its bytes. A dot at the start of a line is =2E, so
 * that SMTP has none to double (RFC 5321 4.5.2).
 */
export function encodePiece(text: string): string {
  if (text === '') return '';
  if (text.length <= LINE && PLAIN.test(text)) return text;
  if (text.length > LONGEST_KEPT) return encode(text);
  let encoded = kept.get(text);
  if (encoded === undefined) {
    if (kept.size >= KEPT) kept.clear();
    kept.set(text, (encoded = encode(text)));
  }
  return encoded;
}

function encode(text: string): string {
  const bytes = Buffer.from(text.replace(/\r\n?|\n/g, '\r\n'));
  let encoded = '';
  let column = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === CR) {
      encoded += '\r\n';
      column = 0;
      at += 1; // its LF
      continue;
    }
    let unit = byte === SPACE && staysSpace(bytes[at + 1]) ? ' ' : ENCODED[byte]!;
    if (column + unit.length > LINE) {
      encoded += SOFT_BREAK;
      column = 0;
    }
    if (column === 0 && unit === '.') unit = '=2E';
    encoded += unit;
    column += unit.length;
  }
  return encoded;
}

/** A space before another, before a line end, or at the end of the piece would be lost or merged on the way. */
function staysSpace(next: number | undefined): boolean {
  return next !== undefined && next !== SPACE && next !== CR;
}
