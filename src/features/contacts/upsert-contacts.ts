import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import { newId } from '../../platform/ids';
import { t } from '../../platform/i18n/i18n';
import { AddressKeys } from './address-keys';
import type { ContactAddress, DatumSource, UpsertContext, UpsertResult } from './contact-data';
import { type ContactPlan, type KeyedAddress, planContact } from './plan-contact';
import { nameOrganisation, type NormalAddress, type ReadContact } from './read-contact';
import * as queries from './upsert.queries';

interface Candidate {
  read: ReadContact;
  addresses: KeyedAddress[];
}

const MANY = 100;

type Outcome = { refused: ReadContact } | { plan: ContactPlan };

/** Creates and changes contacts, many at a time, in a fixed number of statements. */
@Injectable()
export class UpsertContacts {
  constructor(private readonly keys: AddressKeys) {}

  /** What `run` would do, without writing or locking. */
  async preview(sql: Sql, reads: ReadContact[], context: UpsertContext): Promise<UpsertResult[]> {
    return (await this.plan(sql, reads, context, false)).map(toResult);
  }

  /** One result per contact, in their order. A refused contact does not hold the others back. */
  async run(sql: Sql, reads: ReadContact[], context: UpsertContext): Promise<UpsertResult[]> {
    const outcomes = await this.plan(sql, reads, context, true);
    const plans = outcomes.flatMap((outcome) => ('plan' in outcome ? [outcome.plan] : []));
    await this.write(sql, plans, context);
    return outcomes.map(toResult);
  }

  private async plan(
    sql: Sql,
    reads: ReadContact[],
    context: UpsertContext,
    lock: boolean,
  ): Promise<Outcome[]> {
    const candidates = await this.withKeys(sql, reads);
    const erased = context.refuseErased ? await this.erased(sql, candidates) : new Set<string>();
    const matches = await this.match(sql, candidates, lock);
    const ids = [...new Set(matches.values())];
    if (lock && ids.length > 0) await queries.lockContacts(sql, ids);
    const stored = ids.length > 0 ? await queries.readContacts(sql, ids) : [];
    const byId = new Map(stored.map((row) => [row.id, row]));
    const taken = new Set<string>();
    const { source, sourceRef: ref, now } = context;
    const origin: DatumSource = { source, at: now.toISOString(), ref };
    return candidates.map((candidate) => {
      const { read, addresses } = candidate;
      if (read.faults.length > 0) return { refused: read };
      if (erased.size > 0 && addresses.some(({ hex }) => erased.has(hex))) {
        return { refused: withFault(read, context, 'erased') };
      }
      const match = matches.get(candidate);
      if (isRepeated(candidate, match, taken)) {
        return { refused: withFault(read, context, 'repeated') };
      }
      const known = match === undefined ? null : (byId.get(match) ?? null);
      return { plan: planContact(read, addresses, known, context, origin) };
    });
  }

  private async erased(sql: Sql, candidates: Candidate[]): Promise<Set<string>> {
    const keys = candidates.flatMap(({ addresses }) => addresses.map(({ hex }) => hex));
    const rows = await queries.findErased(sql, keys);
    return new Set(rows.map(({ key }) => key));
  }

  private async withKeys(sql: Sql, reads: ReadContact[]): Promise<Candidate[]> {
    const resolve = (channel: Channel) =>
      this.keys.resolve(
        sql,
        channel,
        reads.flatMap(({ addresses }) =>
          addresses.filter((a) => a.channel === channel).map((a) => a.canonical),
        ),
      );
    const keys = { email: await resolve('email'), sms: await resolve('sms') };
    const keyed = ({ channel, value, canonical }: NormalAddress): KeyedAddress => {
      const { key, version } = keys[channel].get(canonical)!;
      return { channel, value, canonical, key, version, hex: key.toString('hex') };
    };
    return reads.map((read) => ({ read, addresses: read.addresses.map(keyed) }));
  }

  /** The stored contact of each candidate: by external id, else by email, else by number. */
  private async match(
    sql: Sql,
    candidates: Candidate[],
    lock: boolean,
  ): Promise<Map<Candidate, string>> {
    const fine = candidates.filter(({ read }) => read.faults.length === 0);
    // Of many some are new, as a rule, and then a look before the lock is a look for nothing.
    const first =
      lock && fine.length > MANY ? new Map<Candidate, string>() : await this.lookUp(sql, fine);
    const unknown = fine.filter((candidate) => !first.has(candidate));
    if (!lock || unknown.length === 0) return first;
    // Two imports that bring the same new person must not make two contacts: there is no row to lock yet.
    const partitions = new Set(unknown.flatMap((one) => identitiesOf(one).map(partition)));
    await queries.lockNewcomers(sql, [...partitions]);
    const found = await this.lookUp(sql, unknown);
    return first.size > 0 ? new Map([...first, ...found]) : found;
  }

  private async lookUp(sql: Sql, candidates: Candidate[]): Promise<Map<Candidate, string>> {
    const externalIds = candidates.flatMap(({ read }) => read.externalId ?? []);
    const keys = candidates.flatMap(({ addresses }) => addresses[0]?.hex ?? []);
    const byExternalId = new Map(
      (externalIds.length > 0 ? await queries.matchExternalIds(sql, externalIds) : []).map(
        (row) => [row.externalId, row.contactId],
      ),
    );
    const holders = new Map<string, { contactId: string; externalId: string | null }[]>();
    for (const row of keys.length > 0 ? await queries.matchKeys(sql, keys) : []) {
      const sharing = holders.get(row.key);
      if (sharing) sharing.push(row);
      else holders.set(row.key, [row]);
    }
    const matches = new Map<Candidate, string>();
    for (const candidate of candidates) {
      const { contactId, externalId } = candidate.read;
      if (contactId) {
        matches.set(candidate, contactId);
        continue;
      }
      const sharing = holders.get(candidate.addresses[0]?.hex ?? '') ?? [];
      // A holder with another external id is another person at a shared mailbox.
      const holder = externalId
        ? sharing.find((row) => row.externalId === null)
        : (sharing.find((row) => row.externalId === null) ?? sharing[0]);
      const match = byExternalId.get(externalId ?? '') ?? holder?.contactId;
      if (match) matches.set(candidate, match);
    }
    return matches;
  }

  private async write(sql: Sql, plans: ContactPlan[], context: UpsertContext): Promise<void> {
    const { now, source, sourceRef } = context;
    await this.fillOrganisations(sql, plans, now);
    await this.fillEmployers(sql, plans, context);
    const created = plans.filter(({ stored }) => stored === null).map(({ row }) => row);
    const changed = plans
      .filter(({ stored, changed: names }) => stored !== null && names.length > 0)
      .map(({ row }) => row);
    const removed = plans.flatMap(({ remove }) => remove.map(({ id }) => id));
    const resourced = plans.flatMap(({ before }) => before.addressesResourced.map(({ id }) => id));
    // While the database writes the contacts, their addresses are got ready.
    const inserted = created.length > 0 ? queries.insertContacts(sql, created, now) : null;
    const added = newAddresses(plans, context);
    await inserted;
    if (changed.length > 0) await queries.updateContacts(sql, changed, now);
    if (removed.length > 0) await queries.deleteAddresses(sql, removed);
    if (added.length > 0) await queries.insertAddresses(sql, added);
    if (resourced.length > 0) {
      await queries.sourceAddresses(sql, resourced, { source, sourceRef, collectedAt: now });
    }
  }

  private async fillOrganisations(sql: Sql, plans: ContactPlan[], now: Date): Promise<void> {
    const wanting = plans.filter(
      ({ read, row }) => read.organisation && row.organisation_id === null,
    );
    const named = new Map(
      wanting.map(({ read }) => [read.organisation!.key, read.organisation!.name]),
    );
    const rows = [...named].map(([key, name]) => ({ id: newId(now.getTime()), key, name }));
    const ids = await queries.organisationIds(sql, rows, now);
    for (const { read, row, before } of wanting) {
      row.organisation_id = ids.get(read.organisation!.key)!;
      if (before.fields.organisation_id) before.fields.organisation_id.became = row.organisation_id;
    }
  }

  /** Whose people the newly attested ones are: a company of ours from now on, if it was none. */
  private async fillEmployers(
    sql: Sql,
    plans: ContactPlan[],
    { attestation, now }: UpsertContext,
  ): Promise<void> {
    const attested = plans.filter(({ changed }) => changed.includes('attested_by'));
    if (!attestation || attested.length === 0) return;
    const { name, key } = nameOrganisation(
      attestation.company.replace(/[\p{Cc}\s]+/gu, ' ').trim(),
    );
    if (key === '') return;
    const ids = await queries.organisationIds(sql, [{ id: newId(now.getTime()), key, name }], now);
    for (const { row, before, stored } of attested) {
      const was = row.employer_id;
      row.employer_id = ids.get(key)!;
      if (stored) before.fields.employer_id = { was, became: row.employer_id, source: null };
    }
  }
}

function newAddresses(
  plans: ContactPlan[],
  { now, source, sourceRef }: UpsertContext,
): queries.NewAddress[] {
  const added: queries.NewAddress[] = [];
  for (const plan of plans) {
    for (const address of plan.add) {
      const id = newId(now.getTime());
      plan.before.addressesAdded.push(id);
      plan.held.push({ ...address, id });
      const { channel, value, canonical, hex: key, version: keyVersion } = address;
      const origin = { source, sourceRef, collectedAt: now };
      added.push({
        id,
        contactId: plan.row.id,
        channel,
        value,
        canonical,
        key,
        keyVersion,
        ...origin,
      });
    }
  }
  return added;
}

function identitiesOf({ read, addresses }: Candidate): string[] {
  const key = addresses[0]?.hex;
  return [
    ...(read.externalId ? [`id:${read.externalId}`] : []),
    ...(key ? [`address:${key}`] : []),
  ];
}

/** Two external ids may share a mailbox; an address alone is one person. */
function isRepeated(candidate: Candidate, match: string | undefined, taken: Set<string>): boolean {
  const [first = '', ...rest] = identitiesOf(candidate);
  const known = [...(match ? [`contact:${match}`] : []), first];
  const named = candidate.read.externalId !== null;
  const asked = named ? [...known, ...rest.map((identity) => `only-${identity}`)] : known;
  const repeats = asked.some((identity) => taken.has(identity));
  for (const identity of [...known, ...rest]) taken.add(identity);
  if (!named) taken.add(`only-${first}`);
  return repeats;
}

/** One of 64: few enough for the lock table, enough that single writers seldom meet. */
function partition(identity: string): number {
  let sum = 0;
  for (let i = 0; i < identity.length; i++) sum = (Math.imul(sum, 31) + identity.charCodeAt(i)) | 0;
  return (sum ^ (sum >>> 16)) & 63;
}

function withFault(
  read: ReadContact,
  context: UpsertContext,
  code: 'erased' | 'repeated',
): ReadContact {
  const path = read.externalId ? 'externalId' : 'email';
  const message = t(context.language ?? 'sv', `contacts:fault.${code}`);
  return { ...read, faults: [{ path, code, message }] };
}

function toResult(outcome: Outcome): UpsertResult {
  const nothing = { changed: [], addresses: [], removed: [], before: null };
  if ('refused' in outcome) {
    return { ...nothing, outcome: 'refused', contactId: null, faults: outcome.refused.faults };
  }
  const { row, stored, changed, before, remove } = outcome.plan;
  const addresses = outcome.plan.held.map(({ id, channel, key, version }): ContactAddress => ({
    id,
    channel,
    key,
    keyVersion: version,
    added: before.addressesAdded.includes(id),
  }));
  const removed = remove.map(({ channel, key }) => ({
    channel,
    key: Buffer.from(key, 'hex'),
    replacedBy: outcome.plan.add.find((address) => address.channel === channel)?.key ?? null,
  }));
  return {
    outcome: stored === null ? 'created' : changed.length > 0 ? 'changed' : 'unchanged',
    contactId: row.id,
    faults: [],
    changed,
    addresses,
    removed,
    before: stored !== null && changed.length > 0 ? before : null,
  };
}
