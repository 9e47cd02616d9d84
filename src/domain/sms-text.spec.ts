import { isSenderName, plainer, sizeOf } from './sms-text';

const EMOJI = '😀';

describe('P-59: what a text message takes', () => {
  it.each<[string, string, string, number, number]>([
    ['160 × å', 'å'.repeat(160), 'GSM-7', 160, 1],
    ['161 × å', 'å'.repeat(161), 'GSM-7', 161, 2],
    ['80 × €', '€'.repeat(80), 'GSM-7', 160, 1],
    ['81 × €', '€'.repeat(81), 'GSM-7', 162, 2],
    ['å in two code points', 'a\u030a', 'UCS-2', 2, 1],
    ['the same, normalised', 'a\u030a'.normalize('NFC'), 'GSM-7', 1, 1],
    ['ç', 'ç', 'UCS-2', 1, 1],
    ['Ç', 'Ç', 'GSM-7', 1, 1],
    ['–', '–', 'UCS-2', 1, 1],
    ['”', '”', 'UCS-2', 1, 1],
    ['66 × x and an emoji', 'x'.repeat(66) + EMOJI, 'UCS-2', 68, 1],
    ['69 × x and an emoji', 'x'.repeat(69) + EMOJI, 'UCS-2', 71, 2],
    [
      'an escape pair at the end of a part',
      'x'.repeat(152) + '€' + 'x'.repeat(152),
      'GSM-7',
      306,
      3,
    ],
    ['Swedish and friends', 'å ä ö Å Ä Ö é ü', 'GSM-7', 15, 1],
    ['nothing', '', 'GSM-7', 0, 0],
  ])('%s', (_, text, encoding, units, segments) => {
    expect(sizeOf(text)).toMatchObject({ encoding, units, segments });
  });

  it('names what makes it dear, each once', () => {
    expect(sizeOf('Kurs – idag – ”nu”').offending).toEqual(['–', '”']);
    expect(sizeOf('Välkommen').offending).toEqual([]);
  });

  it('offers the same in characters that cost least', () => {
    const written = '”Excel”\u00a0– för dig…\r\n’a\u030a’ 😀';
    expect(plainer(written)).toBe('"Excel" - för dig...\n\'å\' 😀');
  });
});

describe('a name as the sender of a text message', () => {
  it.each(['Larkraft', 'Kurser 2026', 'A1', 'ABCDEFGHIJK'])('may be %j', (name) =>
    expect(isSenderName(name)).toBe(true),
  );
  it.each(['', '12345', 'Lärkraft', 'ABCDEFGHIJKL', ' Larkraft', 'Lark-raft', 'A\nB', 'a@b'])(
    'may not be %j',
    (name) => expect(isSenderName(name)).toBe(false),
  );
});
