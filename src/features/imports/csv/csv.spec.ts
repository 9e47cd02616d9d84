import fc from 'fast-check';
import { encode } from 'iconv-lite';
import { type Dialect, TextProbe, fileFault, guessLayout, LONGEST_RECORD } from './dialect';
import { type CsvRecord, readRecords } from './read-records';

const DIALECT: Dialect = { encoding: 'utf-8', delimiter: ';', newline: '\n' };

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Buffer, dialect: Partial<Dialect> = {}, piece = 7) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const records: CsvRecord[] = [];
  for await (const slice of readRecords(pieces(bytes, piece), { ...DIALECT, ...dialect }, 3)) {
    records.push(...slice);
  }
  return records;
}

const encodingOf = (...chunks: Buffer[]) => {
  const probe = new TextProbe();
  chunks.forEach((chunk) => probe.add(chunk));
  return probe.encoding();
};

describe('reading CSV', () => {
  it('reads quotes, line breaks in them, empty lines and either line end, in pieces of any size', async () => {
    const text = '\uFEFFa;b\r\n"x;1";"två\r\nrader"\r\n\r\n"säg ""hej""";5" rör\n';
    for (const piece of [1, 2, 3, 5, 1000]) {
      expect(await read(text, {}, piece)).toEqual([
        { line: 1, fields: ['a', 'b'], fault: null },
        { line: 2, fields: ['x;1', 'två\r\nrader'], fault: null },
        { line: 5, fields: ['säg "hej"', '5" rör'], fault: null },
      ]);
    }
  });

  it('gives back what was written, whatever the fields hold', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'å', '"', ';', '\n', '\r\n', ' ', "'") });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, piece) => {
          const text = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(';'))
            .join('\r\n');
          const records = await read(text, {}, piece);
          expect(records.map(({ fields }) => fields)).toEqual(rows);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lets a quote that is never closed cost its own line only', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `rad${n};x`).join('\n');
    const records = await read(`a;b\n"glömd;1\n${rows}\n`, {}, 50);
    expect(records[1]).toEqual({ line: 2, fields: [], fault: 'unclosed_quote' });
    expect(records.slice(2)).toHaveLength(60);
    expect(records.at(-1)).toEqual({ line: 62, fields: ['rad59', 'x'], fault: null });
    expect((await read('a;b\nc;"d')).at(-1)).toMatchObject({ line: 2, fault: 'unclosed_quote' });
  });

  it('passes over a line of 10 MB and goes on (threat 24)', async () => {
    const bomb = `${'x'.repeat(10_000_000)}`;
    for (const line of [bomb, `"${bomb}"`, `"${'x\n'.repeat(100)}`]) {
      const records = await read(`a;b\n1;2\n${line}\n3;4\n`, {}, 65_536);
      expect(records[2]!.fault).toMatch(/line_too_long|unclosed_quote/);
      expect(records.at(-1)).toMatchObject({ fields: ['3', '4'], fault: null });
    }
  });

  it('reads å ä ö in windows-1252 as in UTF-8', async () => {
    const bytes = encode('förnamn;ort\nÅsa;Växjö €\n', 'windows-1252');
    expect(encodingOf(bytes)).toBe('windows-1252');
    expect((await read(bytes, { encoding: 'windows-1252' }))[1]!.fields).toEqual([
      'Åsa',
      'Växjö €',
    ]);
  });

  it('tells UTF-8 from windows-1252, also where a character is cut between two chunks', () => {
    const utf8 = Buffer.from('Åsa Öberg 😀 från Växjö\n');
    for (let cut = 0; cut <= utf8.length; cut++) {
      expect(encodingOf(utf8.subarray(0, cut), utf8.subarray(cut))).toBe('utf-8');
    }
    expect(encodingOf(Buffer.from('only ascii'))).toBe('utf-8');
    const damaged = Buffer.concat([Buffer.from('å'.repeat(50)), Buffer.from([0xe5])]);
    expect(encodingOf(damaged)).toBe('utf-8');
    expect(encodingOf(encode('å'.repeat(50), 'windows-1252'))).toBe('windows-1252');
  });

  it.each([
    ['spreadsheet_file', Buffer.from('PK\u0003\u0004rest')],
    ['spreadsheet_file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0])],
    ['compressed_file', Buffer.from([0x1f, 0x8b, 8])],
    ['utf16_file', encode('e-post\n', 'utf-16le', { addBOM: true })],
    ['utf16_file', encode('e-post;förnamn\n', 'utf-16be')],
    ['not_a_text_file', Buffer.from('%PDF-1.7')],
    ['not_a_text_file', Buffer.from('<!DOCTYPE html><table>')],
  ])('knows a %s (threat 24)', (fault, bytes) => {
    expect(fileFault(bytes)).toBe(fault);
  });

  it.each([
    ['semicolons', 'e-post;förnamn\na,b;c', { delimiter: ';', newline: '\n' }],
    ['commas', 'e-post,förnamn\r\n', { delimiter: ',', newline: '\n' }],
    ['tabs', 'e-post\tförnamn', { delimiter: '\t', newline: '\n' }],
    ['a quoted semicolon', '"a;b",c\n', { delimiter: ',', newline: '\n' }],
    ['old Mac line ends', 'email\rfirst\r', { delimiter: ';', newline: '\r' }],
    ['nothing', '', 'empty_file'],
    ['an empty header', ' \n', 'empty_file'],
    ['250 columns', `e-post${';x'.repeat(250)}\n`, 'too_many_columns'],
    ['a million columns (threat 24)', `e-post${';x'.repeat(1_000_000)}\n`, 'header_too_long'],
    ['a line without end', 'x'.repeat(LONGEST_RECORD + 1), 'header_too_long'],
  ])('guesses the layout of %s', (_, head, layout) => {
    expect(guessLayout(head)).toEqual(layout);
  });
});
