import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type Channel = 'email' | 'sms';

export type AddressFault =
  | 'empty'
  | 'too_long'
  | 'control_character'
  | 'hidden_character'
  | 'no_at'
  | 'many_ats'
  | 'quoted_local_part'
  | 'comment'
  | 'bad_local_part'
  | 'bad_domain'
  | 'domain_without_dot'
  | 'not_a_number'
  | 'not_mobile'
  | 'foreign_number';

export type NormalisedAddress =
  /** `value` is stored, shown and sent, byte for byte; `canonical` is what the address key is made of. */
  { ok: true; value: string; canonical: string } | { ok: false; code: AddressFault };

/** RFC 5321 4.5.3.1: 64 octets before the @; 254 in all, because a path with <> may hold 256. */
const LONGEST_EMAIL = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;
/** Longer input is refused unread, so that nothing below can be made slow from outside. */
const LONGEST_INPUT = 1000;

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Format, surrogate, private-use and unassigned code points: zero-width and right-to-left marks among them. */
const HIDDEN = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
/** RFC 5322 atoms, and letters of any script (RFC 6531). */
const ATOM = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-][\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]*$/u;
/** What a domain may be typed as. The URL parser would also take ports, paths, escapes and user names. */
const TYPED_DOMAIN = /^[\p{L}\p{N}\p{M}\-.。．｡]+$/u;
const ASCII_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** A last label like 1 or 0x7f makes a host an IPv4 address to some parsers and a name to others. */
const NUMERIC_LABEL = /^(?:\d+|0x[0-9a-f]*)$/;

/** Plain ASCII of which nothing below would change more than the case: nearly every address there is. */
const PLAIN =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

function isPlain(text: string): boolean {
  if (text.length > LONGEST_EMAIL || !PLAIN.test(text)) return false;
  // Punycode is checked by the URL parser.
  return text.indexOf('@') <= LONGEST_LOCAL_PART && !/xn--/i.test(text);
}

const octets = (text: string): number => new TextEncoder().encode(text).length;

/**
 * One spelling per mailbox (L-32): NFC, trimmed, domain in lower-case ASCII (IDNA). Tags and dots are kept,
 * because only the receiving host knows what they mean. The local part keeps its case in `value` only.
 */
export function normaliseEmail(raw: string): NormalisedAddress {
  if (raw.length > LONGEST_INPUT) return { ok: false, code: 'too_long' };
  const text = raw.trim().normalize('NFC');
  if (text === '') return { ok: false, code: 'empty' };
  if (isPlain(text)) {
    const at = text.indexOf('@');
    const value = text.slice(0, at) + text.slice(at).toLowerCase();
    return { ok: true, value, canonical: text.toLowerCase() };
  }
  if (CONTROL.test(text)) return { ok: false, code: 'control_character' };
  if (HIDDEN.test(text)) return { ok: false, code: 'hidden_character' };
  if (text.includes('"')) return { ok: false, code: 'quoted_local_part' };
  if (/[()]/.test(text)) return { ok: false, code: 'comment' };

  const parts = text.split('@');
  const [local = '', typedDomain = ''] = parts;
  if (parts.length < 2) return { ok: false, code: 'no_at' };
  if (parts.length > 2) return { ok: false, code: 'many_ats' };
  if (!isLocalPart(local)) return { ok: false, code: 'bad_local_part' };

  const domain = asciiDomain(typedDomain);
  if (domain === null) return { ok: false, code: 'bad_domain' };
  if (!domain.includes('.')) return { ok: false, code: 'domain_without_dot' };

  const value = `${local}@${domain}`;
  if (octets(value) > LONGEST_EMAIL) return { ok: false, code: 'too_long' };
  return { ok: true, value, canonical: `${lowerCase(local)}@${domain}` };
}

/** toLowerCase never asks the locale; toLocaleLowerCase would make INFO into ınfo on a Turkish machine. */
const lowerCase = (text: string): string => text.toLowerCase().normalize('NFC');

function isLocalPart(local: string): boolean {
  // Compatibility characters look like others (ﬁ, ａ) and some mail systems fold them: one more way to be two people.
  if (local.normalize('NFKC') !== local) return false;
  return octets(local) <= LONGEST_LOCAL_PART && local.split('.').every((atom) => ATOM.test(atom));
}

function asciiDomain(typed: string): string | null {
  if (!TYPED_DOMAIN.test(typed)) return null;
  let host: string;
  try {
    // The only IDNA (UTS 46) that Node and browsers share.
    host = new URL(`http://${typed}`).hostname;
  } catch {
    return null;
  }
  const labels = host.split('.');
  const fits = labels.every((label) => label.length <= 63 && ASCII_LABEL.test(label));
  if (!fits || host.length > LONGEST_DOMAIN) return null;
  return NUMERIC_LABEL.test(labels.at(-1) ?? '') ? null : host;
}

/**
 * One spelling per mobile number (P-58): E.164. Landlines, short numbers and numbers of countries other than
 * `region` and those in `foreign` are refused.
 */
export function normalisePhone(
  raw: string,
  region: CountryCode = 'SE',
  foreign: readonly CountryCode[] = [],
): NormalisedAddress {
  if (raw.length > LONGEST_INPUT) return { ok: false, code: 'too_long' };
  // Unlike an email, only the digits survive, so direction marks pasted along from an address book can go.
  const text = raw
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .trim();
  if (text === '') return { ok: false, code: 'empty' };
  if (CONTROL.test(text)) return { ok: false, code: 'control_character' };
  if (!/^[+(]?[\d\s()./-]+$/.test(text)) return { ok: false, code: 'not_a_number' };

  const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
  if (!number?.isValid() || number.country === undefined)
    return { ok: false, code: 'not_a_number' };
  if (number.country !== region && !foreign.includes(number.country)) {
    return { ok: false, code: 'foreign_number' };
  }
  const type = number.getType();
  if (type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE')
    return { ok: false, code: 'not_mobile' };
  return { ok: true, value: number.number, canonical: number.number };
}

/** `normaliseEmail` or `normalisePhone`, by channel. */
export function normaliseAddress(
  channel: Channel,
  raw: string,
  foreign: readonly CountryCode[] = [],
): NormalisedAddress {
  return channel === 'email' ? normaliseEmail(raw) : normalisePhone(raw, 'SE', foreign);
}

/** `anna@exempel.se` → `a•••@e•••.se`: enough for the owner to know it again, too little for anyone else. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  if (at < 1 || dot < 1) return '•••';
  return `${firstCharacter(email)}•••@${firstCharacter(domain)}•••${domain.slice(dot)}`;
}

/** `+46701740605` → `+46 ••• 05`. */
export function maskPhone(e164: string): string {
  return /^\+\d{7,15}$/.test(e164) ? `${e164.slice(0, 3)} ••• ${e164.slice(-2)}` : '•••';
}

const firstCharacter = (text: string): string =>
  String.fromCodePoint(text.codePointAt(0) ?? 0x2022);
