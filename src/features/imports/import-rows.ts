import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';
import { t } from '../../platform/i18n/i18n';
import type { UpsertContext } from '../contacts/contact-data';
import { type Column, TopicNames } from './columns';
import { readRecords } from './csv/read-records';
import { ImportFiles } from './import-files';
import { contextOf, type ImportRecord } from './import-record';
import { listTopics } from './imports.queries';
import { headerOf, type ImportRow, readRow, type RowRules } from './read-row';

/** Rows that are settled in one transaction. */
export const SLICE = 1_000;
export const MOST_ROWS = 1_000_000;

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
    const seen = new Seen(record.mapping.columns);
    let number = -1;
    for await (const records of readRecords(this.files.chunks(record.id), dialect, SLICE)) {
      const rows: ImportRow[] = [];
      for (const one of records) {
        // Number 0 is the first row after the header.
        if (number++ < 0) continue;
        if (number > MOST_ROWS) throw new Invalid('too_many_rows');
        const row = seen.check(readRow(one, rules));
        if (number > from) rows.push(row);
      }
      if (rows.length > 0) yield rows;
    }
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

/**
 * Finds people named twice in a file. Keeps 53 bits of a hash per name: a million rows cost tens of MB, and
 * the odds that two different people of them meet are one in ten thousand.
 */
class Seen {
  private readonly lines = new Map<number, number>();

  constructor(private readonly columns: Column[]) {}

  check(row: ImportRow): ImportRow {
    if (row.faults.length > 0) return row;
    const { externalId, addresses } = row.read;
    const email = addresses.find(({ channel }) => channel === 'email')?.canonical ?? '';
    const address = hash(`address ${email}`);
    const alone = hash(`only ${email}`);
    const own = externalId === null ? address : hash(`id ${externalId}`);
    // Two external ids may share a mailbox; an address alone is one person.
    const first = this.lines.get(own) ?? (externalId === null ? undefined : this.lines.get(alone));
    if (first !== undefined) {
      const field = externalId === null ? 'email' : 'externalId';
      return repeated(row, first, headerOf(this.columns, field));
    }
    this.lines.set(own, row.line);
    if (externalId === null) this.lines.set(alone, row.line);
    else if (!this.lines.has(address)) this.lines.set(address, row.line);
    return row;
  }
}

function hash(text: string): number {
  const digest = createHash('sha1').update(text).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31);
}

function repeated(row: ImportRow, line: number, path: string): ImportRow {
  const message = t('sv', 'imports:row.repeated', { line });
  return { ...row, grants: [], faults: [{ path, code: 'repeated', message }] };
}
