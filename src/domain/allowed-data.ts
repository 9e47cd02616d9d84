export const CONTACT_KINDS = [
  'company_contact',
  'learner',
  'newsletter_subscriber',
  'support_contact',
] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

export const DATA_SOURCES = [
  'company_contact',
  'employer_import',
  'newsletter_form',
  'support',
  'mina_sidor',
  'crm_sync',
] as const;
export type DataSource = (typeof DATA_SOURCES)[number];

/** What the policy says may be known of a person, by the names the contacts have it under. */
export const PERSONAL_DATA = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'title',
  'organisation',
  'city',
] as const;
export type PersonalDatum = (typeof PERSONAL_DATA)[number];

/** How we handle the person rather than who it is: what they chose, and by what key others know them. */
export const HANDLING_DATA = [
  'externalId',
  'language',
  'timeZone',
  'minor',
  'topics',
  'consent',
  'optOut',
] as const;
export type HandlingDatum = (typeof HANDLING_DATA)[number];

export type DataRefusal =
  | 'unknown_field'
  /** The policy's row for this kind of person does not name it. */
  | 'not_for_kind'
  /** Only the person may add it, in Mina sidor. */
  | 'only_from_mina_sidor';

/** The policy's section on collection, (a) to (d), row by row. */
const BY_KIND: Readonly<Record<ContactKind, readonly PersonalDatum[]>> = {
  company_contact: PERSONAL_DATA,
  // Employers hand over name and email only.
  learner: ['firstName', 'lastName', 'email'],
  newsletter_subscriber: ['email'],
  support_contact: ['firstName', 'lastName', 'email', 'phone'],
};

/** 2(a): what a person may add in Mina sidor. The policy does not list it, so this does. */
const ADDED_IN_MINA_SIDOR: Readonly<Partial<Record<ContactKind, readonly PersonalDatum[]>>> = {
  learner: ['phone'],
};

/** Why this datum may not be held for a person of this kind when it comes from this source; null: it may. */
export function refusalOf(
  kind: ContactKind,
  source: DataSource,
  field: string,
): DataRefusal | null {
  if (isOneOf(HANDLING_DATA, field)) return null;
  if (!isOneOf(PERSONAL_DATA, field)) return 'unknown_field';
  if (BY_KIND[kind].includes(field)) return null;
  if (!ADDED_IN_MINA_SIDOR[kind]?.includes(field)) return 'not_for_kind';
  return source === 'mina_sidor' ? null : 'only_from_mina_sidor';
}

/** Whether somebody of these kinds may add this in Mina sidor; what was given to get help opens nothing (L-24). */
export function mayAddInMinaSidor(kinds: readonly string[], field: PersonalDatum): boolean {
  return CONTACT_KINDS.some(
    (kind) =>
      kind !== 'support_contact' &&
      kinds.includes(kind) &&
      refusalOf(kind, 'mina_sidor', field) === null,
  );
}

/** What data count as when they are put right: as what they were collected for. The kind that lets most be held comes first. */
const CORRECTED_AS = [
  { kind: 'company_contact', source: 'company_contact' },
  { kind: 'support_contact', source: 'support' },
  { kind: 'learner', source: 'employer_import' },
  { kind: 'newsletter_subscriber', source: 'newsletter_form' },
] as const satisfies readonly { kind: ContactKind; source: DataSource }[];

export function correctedAs(kinds: readonly string[]): { kind: ContactKind; source: DataSource } {
  return CORRECTED_AS.find(({ kind }) => kinds.includes(kind)) ?? CORRECTED_AS[1];
}

export interface AllowedData {
  allowed: string[];
  refused: { field: string; reason: DataRefusal }[];
}

/** Sorts the fields of a file or a form into those the policy allows and those it does not, in their order. */
export function checkAllowed(
  kind: ContactKind,
  source: DataSource,
  fields: readonly string[],
): AllowedData {
  const result: AllowedData = { allowed: [], refused: [] };
  for (const field of fields) {
    const reason = refusalOf(kind, source, field);
    if (reason === null) result.allowed.push(field);
    else result.refused.push({ field, reason });
  }
  return result;
}

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);
