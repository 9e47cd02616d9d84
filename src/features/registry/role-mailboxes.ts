/** Local parts that belong to a function, not to a person (L-04). Anything else is taken for a named mailbox. */
const ROLES = new Set([
  'admin',
  'administration',
  'bokning',
  'contact',
  'ekonomi',
  'faktura',
  'hello',
  'hr',
  'info',
  'information',
  'inkop',
  'kansli',
  'kontakt',
  'kontor',
  'kundservice',
  'kundtjanst',
  'kurs',
  'kurser',
  'marknad',
  'office',
  'order',
  'personal',
  'post',
  'reception',
  'registrator',
  'rekrytering',
  'salj',
  'skola',
  'support',
  'training',
  'utbildning',
]);

/** `canonical` as domain/address.ts gives it. */
export function isRoleMailbox(canonical: string): boolean {
  return ROLES.has(canonical.slice(0, canonical.lastIndexOf('@')));
}
