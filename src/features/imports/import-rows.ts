import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';
import type { UpsertContext } from '../contacts/contact-data';
import { TopicNames } from './columns';
import { readRecords } from './csv/read-records';
import { ImportFiles } from './import-files';
import { contextOf, type ImportRecord } from './import-record';
import { listTopics } from './imports.queries';
import { type ImportRow, readRow, type RowRules } from './read-row';
import { Repeats } from './repeats';

/** Rows that are settled in one transaction. */
export const SLICE = 1_000;
export const MOST_ROWS = 1_000_000;
/** Rows that are read in one go, some 2 ms: then it is somebody else's turn, a page that says no or the database. */
const AT_A_TIME = 50;

/** The rows of an import, read by its mapping. */
@Injectable()
export class ImportRows {
  constructor(
    private readonly db: Database,
    private readonly files: ImportFiles,
    private readonly clock: Clock,
  ) {}

  /**
   * Slices of rows from number `from` on, each as large as the last one allows. Earlier rows are read again,
   * since a later row may repeat them; nothing else of them is kept. Throws Invalid('too_many_rows').
   */
  async *read(record: ImportRecord, from = 0): AsyncGenerator<ImportRow[]> {
    const rules = await this.rulesOf(record);
    const { encoding, delimiter, options } = record;
    const dialect = { encoding, delimiter, newline: options.newline };
    const repeats = new Repeats(record.mapping.columns);
    let number = -1;
    const rows: ImportRow[] = [];
    for await (const records of readRecords(this.files.chunks(record.id), dialect, AT_A_TIME)) {
      for (const one of records) {
        // Number 0 is the first row after the header.
        if (number++ < 0) continue;
        if (number > MOST_ROWS) throw new Invalid('too_many_rows');
        const row = repeats.check(readRow(one, rules));
        if (number > from) rows.push(row);
      }
      if (rows.length >= SLICE) {
        yield rows.splice(0, SLICE);
      }
      await setImmediate();
    }
    if (rows.length > 0) yield rows;
  }

  /** What every contact of the import is stored with, now. */
  contextOf(record: ImportRecord): UpsertContext {
    return contextOf(record, this.clock.now());
  }

  private async rulesOf(record: ImportRecord): Promise<RowRules> {
    return {
      columns: record.mapping.columns,
      topics: new TopicNames(await listTopics(this.db)),
      defaultTopics: record.options.topics,
      provenChannels: record.options.consent?.channels ?? [],
      context: this.contextOf(record),
      kind: record.kind,
    };
  }
}
