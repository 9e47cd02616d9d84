import type { Channel } from '../../domain/address';
import { newId } from '../../platform/ids';
import type { VersionedKey } from './address-keys';
import type { ContactBefore, DatumSource, StoredAddress, UpsertContext } from './contact-data';
import type { ContactColumn, NormalAddress, ReadContact } from './read-contact';
import type { ContactRow, StoredContact } from './upsert.queries';

export type KeyedAddress = NormalAddress & VersionedKey & { hex: string };

/** What an upsert will do with one contact. */
export interface ContactPlan {
  read: ReadContact;
  row: ContactRow;
  /** Null: the contact is new. */
  stored: StoredContact | null;
  changed: string[];
  add: KeyedAddress[];
  /** Named, and held already. */
  held: (KeyedAddress & { id: string })[];
  remove: StoredAddress[];
  before: ContactBefore;
}

/**
 * Merges what is said of a contact into what is stored. An unchanged value keeps its source and its time of
 * collection: "from collection" is not renewed by hearing the same again (policy 3.1). The one exception is
 * what was given for support, which cannot be used for marketing until it is given for something else.
 */
export function planContact(
  read: ReadContact,
  addresses: KeyedAddress[],
  stored: StoredContact | null,
  context: UpsertContext,
  origin: DatumSource,
): ContactPlan {
  const row: ContactRow = stored
    ? { ...stored, sources: { ...stored.sources } }
    : emptyRow(newId(context.now.getTime()));
  const changed: string[] = [];
  const before: ContactBefore = {
    fields: {},
    kindsAdded: [],
    addressesAdded: [],
    addressesRemoved: [],
    addressesResourced: [],
  };
  const note = (field: string, was: unknown, became: unknown) => {
    changed.push(field);
    // Of a new contact nothing stood before.
    if (stored) before.fields[field] = { was, became, source: stored.sources[field] ?? null };
  };

  const fields = row as unknown as Record<string, unknown>;
  for (const column in read.values) {
    const value = read.values[column as ContactColumn];
    const was = fields[column];
    const renewed = row.sources[column]?.source === 'support' && context.source !== 'support';
    // What the person chose themselves, such as their language, no register knows better.
    const theirs = row.sources[column]?.source === 'mina_sidor' && context.source !== 'mina_sidor';
    if (theirs || (was === value && !renewed)) continue;
    note(column, was, value);
    fields[column] = value;
    if (value === null) delete row.sources[column];
    else row.sources[column] = origin;
  }
  if (read.organisation !== undefined) {
    const key = read.organisation?.key ?? null;
    if (key !== (stored?.organisation_key ?? null)) {
      // The id is filled in when organisations have been looked up.
      note('organisation_id', row.organisation_id, null);
      row.organisation_id = null;
      if (key === null) delete row.sources.organisation_id;
      else row.sources.organisation_id = origin;
    }
  }
  if (read.externalId !== null && row.external_id === null) {
    note('external_id', null, read.externalId);
    row.external_id = read.externalId;
  }
  if (!row.kinds.includes(read.kind)) {
    row.kinds = row.kinds.length === 0 ? [read.kind] : [...row.kinds, read.kind].sort();
    before.kindsAdded.push(read.kind);
    changed.push('kinds');
  }
  informed(row, context, note);

  const plan: ContactPlan = {
    read,
    row,
    stored,
    changed,
    add: [],
    held: [],
    remove: [],
    before,
  };
  planAddresses(plan, addresses, context);
  return plan;
}

/** The first notice and attestation stand; only a notice of another policy version is news. */
function informed(
  row: ContactRow,
  { notice, attestation }: UpsertContext,
  note: (field: string, was: unknown, became: unknown) => void,
): void {
  const set = (
    field: 'notice_version' | 'notice_at' | 'attested_at' | 'attestation_ref' | 'attested_by',
    value: Date | string,
  ) => {
    note(field, row[field], value);
    (row as unknown as Record<string, unknown>)[field] = value;
  };
  const newNotice = notice && (row.notice_at === null || row.notice_version !== notice.version);
  if (newNotice) {
    set('notice_version', notice.version);
    set('notice_at', notice.at);
  }
  if (attestation && (row.attested_at === null || newNotice)) {
    set('attested_at', attestation.at);
    set('attestation_ref', attestation.ref);
    set('attested_by', attestation.company);
  }
}

function planAddresses(plan: ContactPlan, addresses: KeyedAddress[], context: UpsertContext): void {
  const stored = plan.stored?.addresses ?? [];
  // What the person has added themselves only they take away: another register's number stands beside it, and one that
  // knows no number says nothing of theirs.
  const goes = (channel: Channel) =>
    stored.filter(
      (address) =>
        address.channel === channel &&
        (address.source !== 'mina_sidor' || context.source === 'mina_sidor'),
    );
  for (const address of addresses) {
    const held = stored.find(
      ({ channel, key }) => channel === address.channel && key === address.hex,
    );
    if (!held) {
      plan.add.push(address);
      plan.remove.push(...goes(address.channel));
      plan.changed.push(address.channel);
      continue;
    }
    plan.held.push({ ...address, id: held.id });
    if (held.source === 'support' && context.source !== 'support') {
      plan.before.addressesResourced.push(held);
      plan.changed.push(address.channel);
    }
  }
  for (const channel of plan.read.cleared) {
    const cleared = goes(channel);
    plan.remove.push(...cleared);
    if (cleared.length > 0) plan.changed.push(channel);
  }
  plan.before.addressesRemoved.push(...plan.remove);
}

function emptyRow(id: string): ContactRow {
  return {
    id,
    external_id: null,
    kinds: [],
    first_name: null,
    last_name: null,
    title: null,
    city: null,
    language: 'sv',
    time_zone: 'Europe/Stockholm',
    organisation_id: null,
    minor: false,
    sources: {},
    notice_version: null,
    notice_at: null,
    attested_at: null,
    attestation_ref: null,
    attested_by: null,
    employer_id: null,
  };
}
