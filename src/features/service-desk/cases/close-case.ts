import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, Invalid, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { t, type Language } from '../../../platform/i18n/i18n';
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

  async run(
    id: string,
    input: CloseCaseInput,
    actor: Actor,
    language: Language,
  ): Promise<CaseView> {
    return this.db.tx(async (tx) => {
      const open = isUuid(id) ? await lockCase(tx, id) : undefined;
      if (!open) throw new NotFound('case_not_found');
      if (open.state === 'closed') throw new Conflict('case_closed');
      const hindrance = await this.hindrance(tx, open, input);
      if (hindrance) throw refusal(hindrance, language);
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

  private async hindrance(
    tx: Sql,
    open: CaseRow,
    { as, ledgerEntryId }: CloseCaseInput,
  ): Promise<Hindrance | null> {
    if (as !== 'stopped') {
      if (ledgerEntryId !== undefined) return 'only_for_stopped';
      return open.kind === 'stop' ? 'stop_needs_opt_out' : null;
    }
    if (ledgerEntryId === undefined) return 'missing_ledger_entry';
    return (await stops(tx, ledgerEntryId, open)) ? null : 'not_an_opt_out_of_this_person';
  }
}

type Hindrance =
  | 'only_for_stopped'
  | 'stop_needs_opt_out'
  | 'missing_ledger_entry'
  | 'not_an_opt_out_of_this_person';

function refusal(code: Hindrance, language: Language): Invalid {
  const path = code === 'stop_needs_opt_out' ? 'as' : 'ledgerEntryId';
  const message = t(language, `service-desk:close.${code}`);
  return new Invalid('case_cannot_be_closed', { errors: [{ path, code, message }] });
}
