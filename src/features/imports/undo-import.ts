import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Contacts } from '../contacts/contacts.service';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';
import { actorOf, type ImportRecord } from './import-record';
import * as queries from './imports.queries';
import { markUndone, rowsToUndo, standingGrants, type UndoRow, untouched } from './undo.queries';

const SLICE = 500;
const LEASE_SECONDS = 30;

/** Takes an import back, a slice per transaction. A no that came in with it, or since, stays. */
@Injectable()
export class UndoImport {
  constructor(
    private readonly db: Database,
    private readonly contacts: Contacts,
    private readonly registry: Registry,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async run(record: ImportRecord): Promise<void> {
    while (await this.undoSlice(record));
  }

  private undoSlice(record: ImportRecord): Promise<boolean> {
    return this.db.tx(async (tx) => {
      const now = await queries.lockImport(tx, record.id);
      if (now?.state !== 'undoing') return false;
      const rows = await rowsToUndo(tx, record.id, SLICE);
      if (rows.length === 0) {
        await queries.setState(tx, record.id, 'undone', { undoneAt: this.clock.now() });
        const subject = { type: 'import', id: record.id };
        await this.audit.record(tx, actorOf(record), 'import.undone', subject);
        return false;
      }
      await this.withdraw(tx, record, rows);
      await this.takeBack(tx, record, rows);
      await markUndone(
        tx,
        record.id,
        rows.map(({ line }) => line),
      );
      await queries.renewLease(tx, record.id, LEASE_SECONDS);
      return true;
    });
  }

  private async withdraw(tx: Sql, record: ImportRecord, rows: UndoRow[]): Promise<void> {
    const given = rows.flatMap(({ before, contactId, line }) =>
      before.grants.map((grant) => ({ ...grant, contactId, line })),
    );
    const standing = await standingGrants(tx, record.id, given);
    const acts = given
      .filter(({ key, topicId }) => standing.has(`${key} ${topicId}`))
      .map(({ channel, key, keyVersion, topicId, contactId, line }): LedgerAct => ({
        kind: 'withdraw',
        scope: 'topic',
        channel,
        address: { channel, key: Buffer.from(key, 'hex'), version: keyVersion },
        contactId,
        topicId,
        door: 'import',
        detail: 'undo',
        actor: actorOf(record),
        evidence: { import: record.id, line },
      }));
    await this.registry.record(tx, acts);
  }

  private async takeBack(tx: Sql, record: ImportRecord, rows: UndoRow[]): Promise<void> {
    const created = rows.filter(({ before }) => before.created).map(({ contactId }) => contactId);
    await this.contacts.remove(tx, await untouched(tx, record.id, created));
    const changed = rows.flatMap(({ contactId, before }) =>
      before.contact ? [{ contactId, before: before.contact }] : [],
    );
    await this.contacts.restore(tx, changed, this.clock.now());
    await this.registry.refresh(
      tx,
      changed.map(({ contactId }) => contactId),
    );
  }
}
