import { LONGEST_RECORD } from './dialect';

/** A quoted field may hold line breaks, but not swallow the file because its end quote was forgotten. */
const MOST_LINES = 50;

export type RecordFault = 'line_too_long' | 'unclosed_quote';

export interface RawRecord {
  /** Of the record's first line, from 1. */
  line: number;
  text: string;
  fault: RecordFault | null;
}

/**
 * Cuts text that comes in pieces into records, in memory that does not grow with the file. A quote that is
 * never closed costs its own line only: the scan goes back and takes the next line as a new record.
 */
export class RecordScanner {
  private buffer = '';
  private line = 1;
  /** Inside a line that was too long: nothing is kept until it ends. */
  private skipping = false;

  constructor(
    private readonly delimiter: string,
    private readonly newline: string,
  ) {}

  push(text: string): RawRecord[] {
    this.buffer += text;
    return this.scan(false);
  }

  end(): RawRecord[] {
    if (this.buffer !== '' && !this.buffer.endsWith(this.newline)) this.buffer += this.newline;
    return this.scan(true);
  }

  private scan(last: boolean): RawRecord[] {
    const { buffer, newline } = this;
    const records: RawRecord[] = [];
    let position = 0;
    let quote = -2;
    const take = (end: number, fault: RecordFault | null) => {
      const raw = buffer.slice(position, end);
      const text = fault ? '' : raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      // Empty lines are no records, but they count as lines.
      if (fault || text.trim() !== '') records.push({ line: this.line, text, fault });
      this.line += fault ? 1 : countOf(newline, raw) + 1;
      position = end + 1;
    };
    while (position < buffer.length) {
      const end = buffer.indexOf(newline, position);
      if (this.skipping) {
        position = end < 0 ? buffer.length : end + 1;
        this.skipping = end < 0;
        if (end >= 0) this.line++;
        continue;
      }
      if (end < 0) {
        if (buffer.length - position <= LONGEST_RECORD) break;
        records.push({ line: this.line, text: '', fault: 'line_too_long' });
        this.skipping = true;
        continue;
      }
      if (end - position > LONGEST_RECORD) {
        take(end, 'line_too_long');
        continue;
      }
      if (quote !== -1 && quote < position) quote = buffer.indexOf('"', position);
      if (quote < 0 || quote > end) {
        take(end, null);
        continue;
      }
      const close = this.endOfQuoted(position);
      if (close === 'open' && !last && buffer.length - position <= LONGEST_RECORD) break;
      if (typeof close === 'number') take(close, null);
      else take(end, 'unclosed_quote');
    }
    this.buffer = buffer.slice(position);
    return records;
  }

  /** Where the record that begins here ends; `open` when a quote is open at the end of the buffer. */
  private endOfQuoted(start: number): number | 'open' | 'endless' {
    const { buffer, delimiter, newline } = this;
    const limit = Math.min(buffer.length, start + LONGEST_RECORD);
    let quoted = false;
    let fieldStart = true;
    let lines = 0;
    for (let i = start; i < limit; i++) {
      const character = buffer[i]!;
      if (quoted) {
        if (character === newline && ++lines > MOST_LINES) return 'endless';
        if (character !== '"') continue;
        if (buffer[i + 1] === '"') i++;
        else quoted = false;
      } else if (character === newline) {
        return i;
      } else if (character === '"' && fieldStart) {
        quoted = true;
        fieldStart = false;
      } else {
        fieldStart = character === delimiter;
      }
    }
    return limit < buffer.length ? 'endless' : 'open';
  }
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
