import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { actorOf, type ImportRecord } from './import-record';
import { lockImport, setState } from './imports.queries';

/** The last step of an import, whichever way it went; from here on the hours for undoing count. */
@Injectable()
export class EndImport {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Does nothing when another worker has taken over. */
  finished(record: ImportRecord, position: number): Promise<void> {
    return this.db.tx(async (tx) => {
      const now = await lockImport(tx, record.id);
      if (now?.state !== 'running' || now.position !== position) return;
      const finishedAt = this.clock.now();
      await setState(tx, record.id, 'finished', { finishedAt, totalRows: position });
      const subject = { type: 'import', id: record.id };
      await this.audit.record(tx, actorOf(record), 'import.finished', subject, { ...now.counts });
    });
  }

  /** What was settled before stands, and can be undone. */
  failed(record: ImportRecord, fault: string): Promise<void> {
    return this.db.tx(async (tx) => {
      if ((await lockImport(tx, record.id))?.state !== 'running') return;
      await setState(tx, record.id, 'failed', { fault, finishedAt: this.clock.now() });
      const subject = { type: 'import', id: record.id };
      await this.audit.record(tx, actorOf(record), 'import.failed', subject, { fault });
    });
  }
}
