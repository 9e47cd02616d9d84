import { Injectable } from '@nestjs/common';
import { normaliseAddress } from '../../../domain/address';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { Invalid, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid, newId } from '../../../platform/ids';
import { AddressKeys } from '../../contacts/address-keys';
import { readCursor, writeCursor } from '../../contacts/cursor';
import type { AddressRef } from '../../registry/ledger/ledger-act';
import { contactOfId, holdersOfKey, lockReference } from '../../registry/opt-outs.queries';
import type { CasePage, CasesQuery, CaseView, OpenCase, Told } from './cases.dto';
import {
  caseOfOutsideReference,
  findCase,
  forgetCases,
  insertCase,
  listCases,
  toView,
  type CaseRow,
  type NewCase,
  type Subject,
} from './cases.queries';

const PAGE = 50;

/** Who is behind an act, as a case names them. */
export const nameOf = ({ type, id }: Actor): string => id ?? type;

/** What people tell customer service. */
@Injectable()
export class Cases {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async list(query: CasesQuery, reader: Actor): Promise<CasePage> {
    const limit = query.limit ?? PAGE;
    const before = query.cursor ? readCursor(query.cursor) : null;
    const rows = await listCases(this.db, { ...query, before, limit: limit + 1 });
    const items = rows.slice(0, limit).map(toView);
    const caseIds = items.map(({ id }) => id);
    const subject = { type: 'service_case', id: null };
    await this.audit.record(this.db, reader, 'service_cases.read', subject, { caseIds });
    return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null };
  }

  async get(id: string, reader: Actor): Promise<CaseView> {
    const found = isUuid(id) ? await findCase(this.db, id) : undefined;
    if (!found) throw new NotFound('case_not_found');
    const subject = { type: 'service_case', id: found.id };
    await this.audit.record(this.db, reader, 'service_case.read', subject);
    return toView(found);
  }

  /** Idempotent by `reference`. */
  async open(input: OpenCase, actor: Actor): Promise<CaseView> {
    return this.db.tx(async (tx) => {
      const before = await this.repeated(tx, input.reference, actor);
      if (before) return toView(before);
      const { kind } = input;
      const subject = await this.subjectOf(tx, input);
      // Whom nobody knows nobody can stop writing to; and it could never be seen that it was done.
      if (kind === 'stop' && !subject) throw new Invalid('one_target');
      return toView(await this.insert(tx, { kind, subject, stoppedBy: null }, input, actor));
    });
  }

  /** The case with the caller's own reference, if there is one; until the end of the transaction nobody else makes it. */
  async repeated(
    tx: Sql,
    reference: string | undefined,
    actor: Actor,
  ): Promise<CaseRow | undefined> {
    if (reference === undefined) return undefined;
    await lockReference(tx, actor.id, `case:${reference}`);
    return caseOfOutsideReference(tx, nameOf(actor), reference);
  }

  /**
   * Whom somebody means; null when they named nobody. Throws Invalid `one_target` or `invalid_address`, NotFound
   * `unknown_contact`.
   */
  async subjectOf(
    tx: Sql,
    { address, channel, contactId }: Pick<Told, 'address' | 'channel' | 'contactId'>,
  ): Promise<Subject | null> {
    if (address !== undefined && contactId !== undefined) throw new Invalid('one_target');
    if (contactId !== undefined) {
      const known = await contactOfId(tx, contactId);
      if (!known) throw new NotFound('unknown_contact');
      return { contactId: known, address: null };
    }
    if (address === undefined) return null;
    const on = channel ?? (address.includes('@') ? 'email' : 'sms');
    const read = normaliseAddress(on, address);
    if (!read.ok) {
      const errors = [{ path: 'address', code: read.code, message: read.code }];
      throw new Invalid('invalid_address', { errors });
    }
    const found = (await this.keys.resolve(tx, on, [read.canonical])).get(read.canonical)!;
    return this.subjectOfKey(tx, { channel: on, ...found });
  }

  async subjectOfKey(tx: Sql, address: AddressRef): Promise<Subject> {
    const holders = await holdersOfKey(tx, address.key);
    return { contactId: holders.length === 1 ? holders[0]! : null, address };
  }

  async insert(
    tx: Sql,
    made: Pick<NewCase, 'kind' | 'stoppedBy'> & { id?: string; subject: Subject | null },
    told: Pick<Told, 'cameBy' | 'words' | 'reference'>,
    actor: Actor,
  ): Promise<CaseRow> {
    const { id = newId(), kind, stoppedBy, subject } = made;
    await insertCase(tx, {
      id,
      kind,
      stoppedBy,
      subject: subject ?? { contactId: null, address: null },
      cameBy: told.cameBy,
      words: told.words?.trim() || null,
      outsideReference: told.reference ?? null,
      openedBy: nameOf(actor),
      openedAt: this.clock.now(),
    });
    await this.audit.record(
      tx,
      actor,
      stoppedBy ? 'service_case.recorded' : 'service_case.opened',
      { type: 'service_case', id },
      { kind, cameBy: told.cameBy },
    );
    return (await findCase(tx, id))!;
  }

  /** For a timer: words, notes and names go a year after a case was closed; what was done about it stays. */
  async forget(): Promise<void> {
    await forgetCases(this.db, this.clock.now());
  }
}
