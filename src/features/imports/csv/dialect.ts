/** Longest record that is read; a longer one is a fault of its own, and the rest of the file goes on. */
export const LONGEST_RECORD = 64 * 1024;
export const MOST_COLUMNS = 200;

export type Encoding = 'utf-8' | 'windows-1252';

export interface Dialect {
  encoding: Encoding;
  delimiter: ';' | ',' | '\t';
  /** Only files from very old Macs end their lines otherwise. */
  newline: '\n' | '\r';
}

export type FileFault =
  | 'empty_file'
  | 'utf16_file'
  | 'spreadsheet_file'
  | 'compressed_file'
  | 'not_a_text_file'
  | 'header_too_long'
  | 'too_many_columns';

const MAGIC: [FileFault, number[]][] = [
  // Every .xlsx is a zip.
  ['spreadsheet_file', [0x50, 0x4b, 0x03, 0x04]],
  ['spreadsheet_file', [0xd0, 0xcf, 0x11, 0xe0]],
  ['compressed_file', [0x1f, 0x8b]],
  ['compressed_file', [0x37, 0x7a, 0xbc, 0xaf]],
  ['compressed_file', [0x52, 0x61, 0x72, 0x21]],
  ['not_a_text_file', [0x25, 0x50, 0x44, 0x46]],
  ['utf16_file', [0xff, 0xfe]],
  ['utf16_file', [0xfe, 0xff]],
];

/** What the first bytes show that no list of people is; null when it may be one. */
export function fileFault(head: Buffer): FileFault | null {
  for (const [fault, bytes] of MAGIC) {
    if (bytes.every((byte, i) => head[i] === byte)) return fault;
  }
  const start = head.subarray(0, 1024);
  const zeros = start.filter((byte) => byte === 0).length;
  // Latin text in UTF-16 has a zero in every other byte.
  if (zeros > start.length / 4) return 'utf16_file';
  if (/^\s*(<!doctype|<html|<\?xml|\{\\rtf)/i.test(start.toString('latin1')))
    return 'not_a_text_file';
  return null;
}

/**
 * Tells UTF-8 from windows-1252 over a whole file, chunk by chunk, and counts its lines. Swedish Excel writes windows-1252; one
 * damaged character in a UTF-8 file must not turn every å into Ã¥, so the rarer kind of sequence loses.
 */
export class TextProbe {
  private wanted = 0;
  private whole = 0;
  private broken = 0;
  private readonly ends = { '\n': 0, '\r': 0 };

  add(bytes: Buffer): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === 0x0a) this.ends['\n']++;
      else if (byte === 0x0d) this.ends['\r']++;
      if (byte < 0x80) {
        if (this.wanted > 0) this.break();
      } else if (byte < 0xc0) {
        if (this.wanted === 0) this.broken++;
        else if (--this.wanted === 0) this.whole++;
      } else {
        if (this.wanted > 0) this.break();
        if (byte >= 0xc2 && byte < 0xe0) this.wanted = 1;
        else if (byte >= 0xe0 && byte < 0xf0) this.wanted = 2;
        else if (byte >= 0xf0 && byte < 0xf5) this.wanted = 3;
        else this.broken++;
      }
    }
  }

  encoding(): Encoding {
    const broken = this.broken + (this.wanted > 0 ? 1 : 0);
    return broken === 0 || this.whole > 10 * broken ? 'utf-8' : 'windows-1252';
  }

  /** Lines in the file: as many rows as it can have, and nearly always has. */
  lines(newline: Dialect['newline']): number {
    return this.ends[newline];
  }

  private break(): void {
    this.broken++;
    this.wanted = 0;
  }
}

/** The line end and the delimiter, from the beginning of the decoded text. */
export function guessLayout(head: string): Pick<Dialect, 'delimiter' | 'newline'> | FileFault {
  const newline = head.includes('\n') || !head.includes('\r') ? '\n' : '\r';
  const end = head.indexOf(newline);
  const header = end < 0 ? head : head.slice(0, end);
  if (header.trim() === '') return 'empty_file';
  if (header.length > LONGEST_RECORD) return 'header_too_long';
  const unquoted = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => unquoted.split(delimiter).length - 1;
  const [best] = ([';', ',', '\t'] as const)
    .map((delimiter) => ({ delimiter, n: count(delimiter) }))
    .sort((a, b) => b.n - a.n);
  if (best!.n >= MOST_COLUMNS) return 'too_many_columns';
  return { delimiter: best!.delimiter, newline };
}
