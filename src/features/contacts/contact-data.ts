import type { Channel } from '../../domain/address';
import type { ContactKind, DataSource } from '../../domain/allowed-data';
import type { FieldFault } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';

/** What someone says of a person. Undefined: says nothing of it. Null: it shall be removed. */
export interface UpsertContact {
  kind: ContactKind;
  /** Known to be this contact, whatever its address was; else found by external id or address. */
  contactId?: string;
  externalId?: string;
  /** As typed. Another address than the stored one replaces it on that channel. */
  email?: string | null;
  phone?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  title?: string | null;
  city?: string | null;
  organisation?: string | null;
  /** A language tag or name (sv, en-GB, engelska); anything else than Swedish and English is a fault. */
  language?: string;
  timeZone?: string;
  minor?: boolean;
}

/** Where the data comes from: the same for every contact of one call. */
export interface UpsertContext {
  source: DataSource;
  /** The import, the form, the API key: what to show when a person asks where we got it. */
  sourceRef: string | null;
  actor: Actor;
  now: Date;
  /** The persons have been told what we do with their data, under this policy version (L-18). */
  notice?: { version: string; at: Date };
  /** Their employer attested that it had told them before handing the data over (D-04). */
  attestation?: { at: Date; ref: string; company: string };
  /** Someone else brings the data: an erased person is not stored again (F-44), only by their own act. */
  refuseErased?: boolean;
  /** Language of the faults' texts; Swedish by default. */
  language?: Language;
}

export interface ContactAddress {
  id: string;
  channel: Channel;
  key: Buffer;
  keyVersion: number;
  /** False: the contact had it already. */
  added: boolean;
}

export interface RemovedAddress {
  channel: Channel;
  key: Buffer;
  /** The address that took its place; null when the caller asked for none. */
  replacedBy: Buffer | null;
}

export interface UpsertResult {
  outcome: 'created' | 'changed' | 'unchanged' | 'refused';
  contactId: string | null;
  /** Of a refused contact: every reason, each with the field's name as path. */
  faults: FieldFault[];
  /** Names of the data that are new or different. */
  changed: string[];
  /** The addresses that the call named. */
  addresses: ContactAddress[];
  /** The caller must carry a standing no of these over (L-20): see `Registry`. */
  removed: RemovedAddress[];
  /** What stood before, for `Contacts.restore`; null when nothing was changed or the contact is new. */
  before: ContactBefore | null;
}

export interface DatumSource {
  source: string;
  at: string;
  ref: string | null;
}

export interface StoredAddress {
  id: string;
  channel: Channel;
  value: string;
  canonical: string;
  /** Hex. */
  key: string;
  keyVersion: number;
  source: string;
  sourceRef: string | null;
  collectedAt: string;
}

/** A change of a contact, in a form that can be taken back field by field. */
export interface ContactBefore {
  fields: Record<string, { was: unknown; became: unknown; source: DatumSource | null }>;
  kindsAdded: string[];
  addressesAdded: string[];
  addressesRemoved: StoredAddress[];
  /** As they were while held for support only. */
  addressesResourced: StoredAddress[];
}
