import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { FAULTS_HEADER, faultLine } from './faults-csv';
import { ImportFiles } from './import-files';
import { type ImportRecord, NO_COUNTS } from './import-record';
import type { ImportDetail, ImportItem, ImportWarning } from './imports.dto';
import { faultsAfter } from './imports.queries';
import { undoUntil } from './imports.service';

const SAMPLE = 6;
const FAULTS = 1_000;

/** Imports as people see them. */
@Injectable()
export class ImportView {
  constructor(
    private readonly db: Database,
    private readonly files: ImportFiles,
    private readonly audit: Audit,
  ) {}

  item(record: ImportRecord): ImportItem {
    const { id, fileName, state, kind, source, bytes, position, totalRows, fault } = record;
    const undo = ['finished', 'failed'].includes(state) ? undoUntil(record) : null;
    return {
      id,
      fileName,
      state,
      kind,
      source,
      bytes,
      counts: { ...NO_COUNTS, ...record.counts },
      position,
      totalRows,
      progress: totalRows ? Math.min(1, position / totalRows) : null,
      fault,
      createdAt: record.createdAt,
      finishedAt: record.finishedAt,
      undoneAt: record.undoneAt,
      undoUntil: undo,
    };
  }

  async detail(record: ImportRecord, reader: Actor): Promise<ImportDetail> {
    const { encoding, delimiter, options, attestation } = record;
    return {
      ...this.item(record),
      encoding,
      delimiter,
      columns: record.mapping.columns,
      sample: record.state === 'uploaded' ? await this.sample(record, reader) : [],
      topics: options.topics,
      consent: options.consent,
      notice: options.notice,
      attestation,
      warnings: warningsOf(record),
    };
  }

  private async sample(record: ImportRecord, reader: Actor): Promise<string[][]> {
    const { encoding, delimiter, options } = record;
    const dialect = { encoding, delimiter, newline: options.newline };
    const [, ...rows] = await this.files.sample(record.id, dialect, SAMPLE);
    const subject = { type: 'import', id: record.id };
    await this.audit.record(this.db, reader, 'import.read', subject, { rows: rows.length });
    return rows.map(({ fields }) => fields);
  }

  /** Streams the faults, a page at a time, as fast as the reader takes them. */
  async writeFaults(id: string, response: Response): Promise<void> {
    response.type('text/csv; charset=utf-8').attachment(`fel-${id}.csv`);
    response.set('Cache-Control', 'no-store');
    response.write(FAULTS_HEADER);
    let line = 0;
    for (;;) {
      const faults = await faultsAfter(this.db, id, line, FAULTS);
      if (faults.length === 0 || response.destroyed) break;
      line = faults.at(-1)!.line;
      if (!response.write(faults.map(faultLine).join(''))) {
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    }
    response.end();
  }
}

function warningsOf({
  mapping,
  options,
  attestation,
  kind,
  source,
}: ImportRecord): ImportWarning[] {
  const { columns } = mapping;
  const uses = columns.map(({ use }) => use);
  const asksConsent = uses.some((use) => use?.startsWith('consent:'));
  const warnings: [ImportWarning, boolean][] = [
    ['missing_email_column', !uses.includes('email')],
    ['no_attestation', kind === 'learner' && !attestation],
    ['no_notice', source === 'company_contact' && !options.notice],
    ['no_consent', !asksConsent && !options.consent],
    ['field_not_allowed', columns.some(({ problem }) => problem === 'field_not_allowed')],
    ['unknown_topic', columns.some(({ problem }) => problem === 'unknown_topic')],
  ];
  return warnings.filter(([, holds]) => holds).map(([code]) => code);
}
