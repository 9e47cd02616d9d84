import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, Invalid, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid } from '../../../platform/ids';
import type { CaseView, CloseCaseInput } from './cases.dto';
import { closeCase, findCase, lockCase, stops, toView, type CaseRow } from './cases.queries';
import { nameOf } from './cases.service';

/** F-95: nobody is told that it has stopped unless the registry says so. */
@Injectable()
export class CloseCase {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async run(id: string, input: CloseCaseInput, actor: Actor): Promise<CaseView> {
    return this.db.tx(async (tx) => {
      const open = isUuid(id) ? await lockCase(tx, id) : undefined;
      if (!open) throw new NotFound('case_not_found');
      if (open.state === 'closed') throw new Conflict('case_closed');
      await this.check(tx, open, input);
      await closeCase(tx, open.id, {
        as: input.as,
        ledgerEntryId: input.ledgerEntryId ?? null,
        note: input.note ?? null,
        by: nameOf(actor),
        at: this.clock.now(),
      });
      const subject = { type: 'service_case', id: open.id };
      await this.audit.record(tx, actor, 'service_case.closed', subject, { as: input.as });
      return toView((await findCase(tx, open.id))!);
    });
  }

  private async check(
    tx: Sql,
    open: CaseRow,
    { as, ledgerEntryId, note }: CloseCaseInput,
  ): Promise<void> {
    if (as === 'stopped') {
      if (ledgerEntryId === undefined) throw fault('ledgerEntryId', 'missing_ledger_entry');
      if (!(await stops(tx, ledgerEntryId, open)))
        throw fault('ledgerEntryId', 'not_an_opt_out_of_this_person');
      return;
    }
    if (ledgerEntryId !== undefined) throw fault('ledgerEntryId', 'only_for_stopped');
    if (open.kind !== 'stop') return;
    if (as === 'answered') throw fault('as', 'stop_needs_opt_out');
    if (note === undefined) throw fault('note', 'missing_note');
  }
}

function fault(path: string, code: string): Invalid {
  return new Invalid('case_cannot_be_closed', { errors: [{ path, code, message: code }] });
}
