import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const FIRST = ['Åsa', 'Örjan', 'Märta', 'Björn', 'Kim', 'Eva', 'José', 'Lü'];
const LAST = ['Ågren', 'Öberg', 'Källström', 'Berg', 'Lindqvist'];
const CITIES = ['Växjö', 'Malmö', 'Umeå', 'Lund'];
const HEADER = 'E-post;Förnamn;Efternamn;Företag;Ort;Språk;Ämnen;Samtycke_Kurstips\r\n';

/** What the bare loop finds where; it takes names and addresses only. */
export const EMAIL = 0;
export const FIRST_NAME = 1;
export const LAST_NAME = 2;

export interface PeopleFile {
  path: string;
  rows: number;
  remove(): Promise<void>;
}

/** A list of different invented people as Excel writes it, each with a proven consent to one topic. */
export async function writePeople(rows: number): Promise<PeopleFile> {
  const directory = await mkdtemp(join(tmpdir(), 'utskick-bench-'));
  const path = join(directory, 'personer.csv');
  await pipeline(Readable.from(lines(rows)), createWriteStream(path));
  return { path, rows, remove: () => rm(directory, { recursive: true }) };
}

function* lines(rows: number): Generator<string> {
  let text = HEADER;
  for (let n = 0; n < rows; n += 1) {
    const cells = [
      `person.${n}@foretag-${n % 4001}.example`,
      FIRST[n % FIRST.length],
      LAST[n % LAST.length],
      `Exempelföretaget ${n % 200} AB`,
      CITIES[n % CITIES.length],
      n % 7 === 0 ? 'en' : 'sv',
      'kurstips',
      n % 2 === 0 ? '2025-11-01' : 'ja',
    ];
    text += `${cells.join(';')}\r\n`;
    if (text.length < 64 * 1024) continue;
    yield text;
    text = '';
  }
  yield text;
}
