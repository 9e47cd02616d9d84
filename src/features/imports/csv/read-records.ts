import { parse } from 'csv-parse/sync';
import { getDecoder } from 'iconv-lite';
import type { Dialect } from './dialect';
import { type RawRecord, type RecordFault, RecordScanner } from './record-scanner';

const PIECE = 64 * 1024;

export interface CsvRecord {
  line: number;
  fields: string[];
  fault: RecordFault | 'bad_quotes' | null;
}

/** Records of a file in slices of at most `size`, the header first; holds one chunk and one slice at a time. */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  dialect: Dialect,
  size: number,
): AsyncGenerator<CsvRecord[]> {
  const decoder = getDecoder(dialect.encoding, { stripBOM: true });
  const scanner = new RecordScanner(dialect.delimiter, dialect.newline);
  let waiting: RawRecord[] = [];
  for await (const bytes of inPieces(chunks)) {
    const records = scanner.push(decoder.write(bytes));
    waiting = waiting.length > 0 ? [...waiting, ...records] : records;
    let taken = 0;
    for (; waiting.length - taken >= size; taken += size) {
      yield splitFields(waiting.slice(taken, taken + size), dialect.delimiter);
    }
    waiting = waiting.slice(taken);
  }
  waiting.push(...scanner.push(decoder.end() ?? ''), ...scanner.end());
  for (let taken = 0; taken < waiting.length; taken += size) {
    yield splitFields(waiting.slice(taken, taken + size), dialect.delimiter);
  }
}

/** Smaller than the chunks, so that records are not made long before they are asked for. */
async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const bytes of chunks) {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }
}

function splitFields(records: RawRecord[], delimiter: string): CsvRecord[] {
  const quoted = records.filter(({ text, fault }) => fault === null && text.includes('"'));
  const together = parseText(quoted.map(({ text }) => text).join('\n'), delimiter);
  // One parse for all is much cheaper; where a quote made it join or fail, each record is read alone.
  const aligned = together?.length === quoted.length;
  let next = 0;
  return records.map(({ line, text, fault }) => {
    if (fault) return { line, fields: [], fault };
    // Without a quote there is nothing to parse.
    if (!text.includes('"')) return { line, fields: text.split(delimiter), fault: null };
    const at = next++;
    if (aligned) return { line, fields: together[at]!, fault: null };
    const alone = parseText(text, delimiter);
    return alone?.length === 1
      ? { line, fields: alone[0]!, fault: null }
      : { line, fields: [], fault: 'bad_quotes' };
  });
}

function parseText(text: string, delimiter: string): string[][] | null {
  if (text === '') return [];
  try {
    return parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: '\n',
    });
  } catch {
    // csv-parse throws on quotes it can make no sense of; the caller makes it a fault of the row.
    return null;
  }
}
