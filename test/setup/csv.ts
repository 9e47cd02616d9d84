import { encode } from 'iconv-lite';

/** Ten ways in which a row of a customer's list is wrong, by the code that the import tells it by. */
export const DEFECTS = [
  'invalid_email',
  'missing_address',
  'repeated',
  'unknown_topic',
  'invalid_phone',
  'unknown_language',
  'too_long',
  'wrong_column_count',
  'nul_character',
  'unclosed_quote',
] as const;
export type Defect = (typeof DEFECTS)[number];

export const HEADER = [
  'E-post',
  'Mobil',
  'Förnamn',
  'Efternamn',
  'Företag',
  'Ort',
  'Språk',
  'Ämnen',
  'Samtycke_Nyhetsbrev',
];

const FIRST = ['Åsa', 'Örjan', 'Märta', 'Björn', 'Kim', 'Eva', 'José', 'Lü'];
const LAST = ['Ågren', 'Öberg', 'Källström', 'Berg', 'Nguyễn'.normalize('NFC').replace('ễ', 'e')];
const CITIES = ['Växjö', 'Malmö', 'Umeå', 'Lund'];

export interface CsvFile {
  bytes: Buffer;
  /** Line in the file → why it is faulty. */
  faulty: Map<number, Defect>;
  good: number;
}

export interface CsvOptions {
  rows: number;
  /** Defective rows, spread evenly and in turn over the ten ways. */
  defective?: number;
  encoding?: 'windows-1252' | 'utf-8';
  delimiter?: ';' | ',' | '\t';
  /** Part of every address, so that two files name different people. */
  name?: string;
  topic?: string;
}

/** A list of invented people as Swedish Excel writes it. The same options give the same bytes. */
export function peopleCsv(options: CsvOptions): CsvFile {
  const lines: string[] = [];
  const faulty = new Map<number, Defect>();
  for (const { line, text, defect } of csvLines(options)) {
    lines.push(text);
    if (defect) faulty.set(line, defect);
  }
  const bytes = encode(lines.join('\r\n') + '\r\n', options.encoding ?? 'windows-1252');
  return { bytes, faulty, good: options.rows - faulty.size };
}

/** The same line by line, for files that should not be whole in memory. */
export function* csvLines({
  rows,
  defective = 0,
  delimiter = ';',
  name = 'person',
  topic = 'nyhetsbrev',
}: CsvOptions): Generator<{ line: number; text: string; defect?: Defect }> {
  yield { line: 1, text: HEADER.join(delimiter) };
  const every = defective > 0 ? Math.floor(rows / defective) : Infinity;
  let made = 0;
  for (let n = 0; n < rows; n++) {
    // Not the first rows, so that a repeated one has something to repeat.
    const due = n % every === every - 1 && made < defective;
    const defect = due ? DEFECTS[made++ % DEFECTS.length] : undefined;
    const cells = spoil(person(n, name, topic), defect, name);
    yield { line: n + 2, text: cells.join(delimiter), ...(defect && { defect }) };
  }
}

function person(n: number, name: string, topic: string): string[] {
  return [
    `${name}.${n}@example.com`,
    `070-174 06 ${String(5 + (n % 95)).padStart(2, '0')}`,
    FIRST[n % FIRST.length]!,
    LAST[n % LAST.length]!,
    `Exempel ${n % 200} AB`,
    CITIES[n % CITIES.length]!,
    n % 7 === 0 ? 'en' : 'sv',
    topic,
    n % 2 === 0 ? '2025-11-01' : 'ja',
  ];
}

function spoil(cells: string[], defect: Defect | undefined, name: string): string[] {
  const set = (index: number, value: string) =>
    cells.map((cell, i) => (i === index ? value : cell));
  switch (defect) {
    case undefined:
      return cells;
    case 'invalid_email':
      return set(0, 'anna.example.com');
    case 'missing_address':
      return set(0, '');
    case 'repeated':
      return set(0, `${name}.0@EXAMPLE.com`);
    case 'unknown_topic':
      return set(7, 'nyhetsbrvet');
    case 'invalid_phone':
      return set(1, '08-12');
    case 'unknown_language':
      return set(6, 'klingonska');
    case 'too_long':
      return set(2, 'Å'.repeat(101));
    case 'wrong_column_count':
      return cells.slice(0, -1);
    case 'nul_character':
      return set(3, 'Be\0rg');
    case 'unclosed_quote':
      return set(4, '"Exempel AB');
  }
}
