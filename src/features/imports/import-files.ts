import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { Invalid, TooLarge } from '../../platform/errors';
import { newId } from '../../platform/ids';
import {
  type Dialect,
  TextProbe,
  fileFault,
  type FileFault,
  guessLayout,
  LONGEST_RECORD,
} from './csv/dialect';
import { type CsvRecord, readRecords } from './csv/read-records';

/** One database row of the file; also what a worker holds of it at a time. */
const CHUNK = 1024 * 1024;
export const LARGEST_FILE = 256 * CHUNK;

export interface StoredFile {
  id: string;
  bytes: number;
  dialect: Dialect;
  header: string[];
  /** At most so many rows; exact unless a cell holds line breaks. */
  rows: number;
}

/** The files, in pieces in the database, so that any worker can read them. */
@Injectable()
export class ImportFiles {
  constructor(private readonly db: Database) {}

  /**
   * Stores a file as it streams in and reads its header. Throws Invalid, keeping nothing, for what is not a
   * list of people (`spreadsheet_file`, `utf16_file`, `empty_file` …), and TooLarge above 256 MB.
   */
  async store(stream: AsyncIterable<Buffer>): Promise<StoredFile> {
    const id = newId();
    try {
      const { bytes, head, probe } = await this.write(id, stream);
      const encoding = probe.encoding();
      const fault = bytes === 0 ? 'empty_file' : fileFault(head);
      if (fault) throw refused(fault);
      const decoded = head.subarray(0, 2 * LONGEST_RECORD);
      const layout = guessLayout(
        decoded.toString(encoding === 'utf-8' ? 'utf8' : 'latin1').replace(/^\uFEFF/, ''),
      );
      if (typeof layout === 'string') throw refused(layout);
      const dialect: Dialect = { encoding, ...layout };
      const [header] = await this.sample(id, dialect, 1);
      if (!header || header.fault) throw refused('not_a_text_file');
      const names = header.fields.map((name) => name.trim());
      return { id, bytes, dialect, header: names, rows: probe.lines(dialect.newline) };
    } catch (cause) {
      await this.remove(id);
      throw cause;
    }
  }

  /** The file's bytes, a chunk at a time. */
  async *chunks(id: string): AsyncGenerator<Buffer> {
    for (let n = 0; ; n++) {
      const [row] = await this.db.query<{ bytes: Buffer }>(
        `SELECT bytes FROM import_chunk WHERE import_id = $1 AND n = $2`,
        [id, n],
      );
      if (!row) return;
      yield row.bytes;
    }
  }

  /** The first records, the header among them. */
  async sample(id: string, dialect: Dialect, records: number): Promise<CsvRecord[]> {
    for await (const slice of readRecords(this.chunks(id), dialect, records)) return slice;
    return [];
  }

  async remove(id: string): Promise<void> {
    await this.db.query(`DELETE FROM import_chunk WHERE import_id = $1`, [id]);
  }

  private async write(id: string, stream: AsyncIterable<Buffer>) {
    const probe = new TextProbe();
    let head = Buffer.alloc(0);
    let waiting: Buffer[] = [];
    let size = 0;
    let bytes = 0;
    let n = 0;
    const flush = async (): Promise<void> => {
      const chunk = Buffer.concat(waiting);
      if (n === 0) head = chunk;
      await this.db.query(`INSERT INTO import_chunk (import_id, n, bytes) VALUES ($1, $2, $3)`, [
        id,
        n++,
        chunk,
      ]);
      waiting = [];
      size = 0;
    };
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > LARGEST_FILE) throw new TooLarge('file_too_large');
      probe.add(piece);
      waiting.push(piece);
      size += piece.length;
      if (size >= CHUNK) await flush();
    }
    if (size > 0) await flush();
    return { bytes, head, probe };
  }
}

function refused(fault: FileFault): Invalid {
  return new Invalid(fault);
}
