import { type Channel, normaliseAddress } from '../../domain/address';
import { type ContactKind, PERSONAL_DATA, refusalOf } from '../../domain/allowed-data';
import type { FieldFault } from '../../platform/errors';
import { type Language, LANGUAGES, t } from '../../platform/i18n/i18n';
import type { UpsertContact, UpsertContext } from './contact-data';

/** Data with a column of its own in `contact`, and how long they may be. */
const TEXTS = [
  { field: 'firstName', column: 'first_name', longest: 100 },
  { field: 'lastName', column: 'last_name', longest: 100 },
  { field: 'title', column: 'title', longest: 100 },
  { field: 'city', column: 'city', longest: 100 },
] as const;

const LONGEST_ORGANISATION = 200;
const LONGEST_EXTERNAL_ID = 200;

export type ContactColumn = (typeof TEXTS)[number]['column'] | 'language' | 'time_zone' | 'minor';

export interface NamedOrganisation {
  name: string;
  key: string;
}

export interface NormalAddress {
  channel: Channel;
  value: string;
  canonical: string;
}

/** A contact as it would be stored: every value normalised, every fault found. */
export interface ReadContact {
  kind: ContactKind;
  contactId: string | null;
  externalId: string | null;
  values: Partial<Record<ContactColumn, string | boolean | null>>;
  /** Undefined: nothing is said of it. */
  organisation: NamedOrganisation | null | undefined;
  addresses: NormalAddress[];
  cleared: Channel[];
  faults: FieldFault[];
}

/** Words of printable Latin-1 with single spaces between: the usual, and nothing in it to put right. */
const TIDY = /^[!-~¡-¬®-ÿ]+(?: [!-~¡-¬®-ÿ]+)*$/;

/** Checks one contact against its own rules and the policy; looks nothing up. */
export function readContact(contact: UpsertContact, context: UpsertContext): ReadContact {
  const language = context.language ?? 'sv';
  const faults: FieldFault[] = [];
  const fault = (path: string, code: string, text: string, values = {}) =>
    faults.push({ path, code, message: t(language, `contacts:${text}`, values) });

  const text = (path: string, raw: string | null | undefined, longest: number) => {
    if (raw === undefined || raw === null) return raw;
    if (raw.length <= longest && TIDY.test(raw)) return raw;
    const value = raw.normalize('NFC').replace(/\s+/g, ' ').trim();
    // NUL cannot be stored, and no name holds a line end or an escape code.
    if (/\p{Cc}/u.test(value)) fault(path, 'control_character', 'fault.control_character');
    if (value.length > longest) fault(path, 'too_long', 'fault.too_long', { longest });
    return value === '' ? null : value;
  };

  const read: ReadContact = {
    kind: contact.kind,
    contactId: contact.contactId ?? null,
    externalId: text('externalId', contact.externalId, LONGEST_EXTERNAL_ID) ?? null,
    values: {},
    organisation: undefined,
    addresses: [],
    cleared: [],
    faults,
  };
  for (const { field, column, longest } of TEXTS) {
    const value = text(field, contact[field], longest);
    if (value !== undefined) read.values[column] = value;
  }
  const organisation = text('organisation', contact.organisation, LONGEST_ORGANISATION);
  if (organisation !== undefined)
    read.organisation = organisation ? nameOrganisation(organisation) : null;
  if (contact.minor !== undefined) read.values.minor = contact.minor;
  if (contact.language !== undefined) {
    const known = toKnownLanguage(contact.language);
    if (known) read.values.language = known;
    else fault('language', 'unknown_language', 'fault.unknown_language');
  }
  if (contact.timeZone !== undefined) {
    if (isTimeZone(contact.timeZone)) read.values.time_zone = contact.timeZone;
    else fault('timeZone', 'unknown_time_zone', 'fault.unknown_time_zone');
  }
  for (const [field, channel] of [
    ['email', 'email'],
    ['phone', 'sms'],
  ] as const) {
    const raw = contact[field];
    if (raw === undefined) continue;
    if (raw === null) {
      read.cleared.push(channel);
      continue;
    }
    const address = normaliseAddress(channel, raw);
    if (address.ok) read.addresses.push({ channel, ...address });
    else fault(field, `invalid_${field}`, `address.${address.code}`);
  }
  for (const field of PERSONAL_DATA) {
    // A null brings nothing.
    if (contact[field] === undefined || contact[field] === null) continue;
    const refusal = refusalOf(contact.kind, context.source, field);
    if (refusal) fault(field, 'field_not_allowed', `policy.${refusal}`);
  }
  const named = read.contactId ?? read.externalId;
  if (named === null && read.addresses.length === 0 && faults.length === 0) {
    fault('email', 'missing_address', 'fault.missing_address');
  }
  return read;
}

/** What makes two spellings of an organisation's name one. */
export function nameOrganisation(name: string): NamedOrganisation {
  return { name, key: name.toLowerCase().normalize('NFC') };
}

const LANGUAGE_NAMES: Record<string, Language> = {
  svenska: 'sv',
  swedish: 'sv',
  swe: 'sv',
  engelska: 'en',
  english: 'en',
  eng: 'en',
};

/** sv, sv-SE, SV_se, svenska, Swedish … */
function toKnownLanguage(raw: string): Language | null {
  const name = raw.trim().toLowerCase();
  const tag = name.split(/[-_]/)[0] as Language;
  return LANGUAGE_NAMES[name] ?? (LANGUAGES.includes(tag) ? tag : null);
}

const zones = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  let known = zones.get(name);
  if (known === undefined) {
    known = /^[A-Za-z]+(\/[A-Za-z_+-]+)*$/.test(name) && canFormatIn(name);
    if (zones.size < 1_000) zones.set(name, known);
  }
  return known;
}

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('sv', { timeZone });
    return true;
  } catch {
    return false;
  }
}
