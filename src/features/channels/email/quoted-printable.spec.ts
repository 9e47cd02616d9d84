import fc from 'fast-check';
import { encodePiece, SOFT_BREAK } from './quoted-printable';

function decode(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const text = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '.',
      '=',
      'Åsa',
      'https://example.com/u/abcdefghijklmnop',
      '🎓',
    ),
  ),
  { maxLength: 20 },
);

describe('a piece of a body', () => {
  it('comes back as it was, with every line end as CRLF, in whatever pieces it is encoded', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const [one, two] = [first.join(''), second.join('')];
        const lines = (whole: string) => whole.replace(/\r\n?|\n/g, '\r\n');
        const encoded = encodePiece(one) + SOFT_BREAK + encodePiece(two) + SOFT_BREAK;
        expect(decode(encoded)).toBe(lines(one) + lines(two));
      }),
    );
  });

  it('has lines of at most 76 characters, none that begins with a dot, with a soft break behind it', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const encoded = encodePiece(parts.join('')) + SOFT_BREAK;
        const lines = encoded.split('\r\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line.startsWith('.')).toBe(false);
          expect(line).toMatch(/^[\x20-\x7e]*$/);
        }
      }),
    );
  });

  it('P-04 holds nothing that relaxed DKIM canonicalisation would change', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const encoded = encodePiece(parts.join('')) + SOFT_BREAK;
        expect(encoded).not.toMatch(/\t|[ ]{2}|[ ]\r\n/);
      }),
    );
  });
});
