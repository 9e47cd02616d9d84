import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import type { FieldFault } from '../../platform/errors';
import type { Sql } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import type { ContactBefore, UpsertContext, UpsertResult } from '../contacts/contact-data';
import { Contacts } from '../contacts/contacts.service';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';
import type { ImportRow, WantedGrant } from './read-row';
import { findStandings, reopenedTopics, Standings } from './standings';
import { WriteContacts } from './people/write-contacts';

export type Verdict = 'new' | 'changed' | 'unchanged' | 'suppressed' | 'faulty';

export interface GivenGrant {
  topicId: string;
  channel: Channel;
  /** Hex. */
  key: string;
  keyVersion: number;
}

/** What undoing the row needs. */
export interface RowBefore {
  created: boolean;
  contact: ContactBefore | null;
  grants: GivenGrant[];
}

export interface SettledRow {
  line: number;
  verdict: Verdict;
  code: string | null;
  faults: FieldFault[];
  contactId: string | null;
  before: RowBefore | null;
}

interface Judged {
  row: ImportRow;
  result: UpsertResult;
  grants: { wanted: WantedGrant; act: LedgerAct }[];
  suppressed: boolean;
}

/** Settles a slice of rows: contacts, grants with proof, and noes; or says what would become of them. */
@Injectable()
export class SettleRows {
  constructor(
    private readonly contacts: Contacts,
    private readonly writes: WriteContacts,
    private readonly registry: Registry,
  ) {}

  /** Inside the caller's transaction. Can never lift a no: a row of someone who said no gives no grant. */
  async settle(
    tx: Sql,
    importId: string,
    rows: ImportRow[],
    context: UpsertContext,
  ): Promise<SettledRow[]> {
    const sound = rows.filter(({ faults }) => faults.length === 0);
    const { results, pending } = await this.writes.writeOnly(
      tx,
      sound.map(({ read }) => read),
      context,
      'import',
    );
    const judged = await this.judge(tx, importId, sound, results, context.actor);
    const acts = judged.flatMap(({ row, result, grants }) => [
      ...grants.map(({ act }) => act),
      ...(row.optOut && result.contactId ? [optOutOf(importId, row, result, context.actor)] : []),
    ]);
    const made = new Set(
      results.flatMap((one) => (one.outcome === 'created' ? one.contactId! : [])),
    );
    const recorded = await this.registry.record(tx, acts, made);
    const acted = new Set(acts.map(({ contactId }) => contactId));
    await this.registry.refresh(
      tx,
      pending.filter((id) => !acted.has(id)),
    );
    const granted = new Set(
      acts.filter((act, i) => act.kind === 'grant' && recorded[i]!.outcome === 'recorded'),
    );
    return settledRows(rows, judged, granted);
  }

  /** The same, read only. */
  async preview(
    sql: Sql,
    importId: string,
    rows: ImportRow[],
    context: UpsertContext,
  ): Promise<SettledRow[]> {
    const sound = rows.filter(({ faults }) => faults.length === 0);
    const results = await this.contacts.preview(
      sql,
      sound.map(({ read }) => read),
      context,
    );
    const judged = await this.judge(sql, importId, sound, results, context.actor);
    const granted = new Set(judged.flatMap(({ grants }) => grants.map(({ act }) => act)));
    return settledRows(rows, judged, granted);
  }

  private async judge(
    sql: Sql,
    importId: string,
    rows: ImportRow[],
    results: UpsertResult[],
    actor: Actor,
  ): Promise<Judged[]> {
    const standings = new Standings(await findStandings(sql, results));
    const withdrawn = rows.flatMap(({ grants }, i) => standings.withdrawnOf(results[i]!, grants));
    const reopened = await reopenedTopics(sql, withdrawn);
    return rows.map((row, i) => {
      const result = results[i]!;
      const { suppressed, open } = standings.judge(result, row.grants, reopened);
      const grants = open.flatMap((wanted) => {
        const act = grantOf(importId, row, wanted, result, actor);
        return act ? [{ wanted, act }] : [];
      });
      return { row, result, grants, suppressed: suppressed || row.optOut };
    });
  }
}

function settledRows(
  rows: ImportRow[],
  judged: Judged[],
  granted: ReadonlySet<LedgerAct>,
): SettledRow[] {
  const byRow = new Map(judged.map((one) => [one.row, one]));
  return rows.map((row) => {
    const one = byRow.get(row);
    const blank = { line: row.line, code: null, faults: [], contactId: null, before: null };
    if (!one) return { ...blank, verdict: 'faulty' as const, faults: row.faults };
    const { result, suppressed } = one;
    if (result.outcome === 'refused') {
      const erased = result.faults.some(({ code }) => code === 'erased');
      if (erased) return { ...blank, verdict: 'suppressed' as const, code: 'erased' };
      return { ...blank, verdict: 'faulty' as const, faults: result.faults };
    }
    const grants = one.grants.filter(({ act }) => granted.has(act)).map(({ act }) => toGiven(act));
    const created = result.outcome === 'created';
    const touched = created || result.outcome === 'changed' || grants.length > 0;
    return {
      ...blank,
      verdict: suppressed ? 'suppressed' : created ? 'new' : touched ? 'changed' : 'unchanged',
      code: suppressed ? 'opted_out' : null,
      contactId: result.contactId,
      before: touched ? { created, contact: result.before, grants } : null,
    };
  });
}

function grantOf(
  importId: string,
  row: ImportRow,
  wanted: WantedGrant,
  result: UpsertResult,
  actor: Actor,
): LedgerAct | null {
  const address = result.addresses.find(({ channel }) => channel === wanted.channel);
  if (!address || row.optOut) return null;
  return {
    kind: 'grant',
    scope: 'topic',
    channel: wanted.channel,
    address: { channel: address.channel, key: address.key, version: address.keyVersion },
    contactId: result.contactId,
    topicId: wanted.topicId,
    ground: 'CONSENT',
    // Not one of the methods that lift a no: somebody else says that the person agreed.
    method: 'import',
    door: 'import',
    actor,
    evidence: {
      import: importId,
      line: row.line,
      proof: wanted.proof,
      ...(wanted.givenAt && { givenAt: wanted.givenAt }),
    },
  };
}

function optOutOf(importId: string, row: ImportRow, result: UpsertResult, actor: Actor): LedgerAct {
  const address = result.addresses.find(({ channel }) => channel === 'email');
  return {
    kind: 'opt_out',
    scope: 'all',
    channel: null,
    address: address
      ? { channel: address.channel, key: address.key, version: address.keyVersion }
      : null,
    contactId: result.contactId,
    door: 'import',
    detail: 'file',
    actor,
    evidence: { import: importId, line: row.line },
  };
}

function toGiven({ topicId, address }: LedgerAct): GivenGrant {
  const { channel, key, version } = address!;
  return { topicId: topicId!, channel, key: key.toString('hex'), keyVersion: version };
}
