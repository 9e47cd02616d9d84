import type { EmailContent, EmailRecipient } from './email-channel';
import type { Verdict } from '../hand-over';

/** A header URL longer than this would be folded, and folding has broken DKIM signatures (nodemailer #1654). */
export const MAX_UNSUBSCRIBE_URL = 100;

// CR, LF, NUL and other controls, and the Unicode line ends that some gateways turn into CRLF.
// oxlint-disable-next-line no-control-regex
const UNSAFE_IN_HEADER = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/;

// Deliberately narrower than RFC 5321: no quoted local parts, comments, or a second @, which address
// parsers read differently (CVE-2025-13033 sent `"a@evil.example x"@internal.example` to evil.example).
const PLAIN_ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** True for an address that every mail program reads the same way. */
export function isPlainAddress(address: string): boolean {
  return address.length <= 254 && PLAIN_ADDRESS.test(address);
}

/** True for text that can stand in a header line without starting another. */
export function isSafeInHeader(text: string): boolean {
  return !UNSAFE_IN_HEADER.test(text);
}

/** A display name as one line: it is decoration, so a stray tab in it must not cost anybody a mail. */
export function cleanName(name: string): string {
  return name.split(UNSAFE_IN_HEADER).join(' ').trim();
}

/** A provider's words without the addresses it repeats: for staff, who see it beside the person, and for logs. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>()"',;:]+@[^\s<>()"',;:]+/g, '[address]').slice(0, 300);
}

/** True for a URL that mailbox providers will post to: https, ASCII, short; http only on this machine. */
export function isOneClickUrl(url: string): boolean {
  return (
    url.length <= MAX_UNSUBSCRIBE_URL &&
    /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]+$/.test(url) &&
    (url.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(url))
  );
}

/** True for a `mailto:` with nothing in it that could end the header's field or mean another address. */
export function isOptOutMail(url: string): boolean {
  return url.length <= 200 && /^mailto:[A-Za-z0-9._-]+@[A-Za-z0-9.-]+\?subject=[\w%-]+$/.test(url);
}

function refusal(code: string, detail: string): Verdict {
  return { kind: 'refused', code, detail, permanent: true };
}

/** Why nothing of this content may leave, or null. */
export function contentFault(content: EmailContent): Verdict | null {
  const { from, replyTo, listId, nonce } = content;
  if (![from.name, replyTo.name, listId, nonce].every(isSafeInHeader)) {
    return refusal('unsafe_header', 'A name or the List-Id holds a control character.');
  }
  if (!isPlainAddress(from.email) || !isPlainAddress(replyTo.email)) {
    return refusal('unsafe_sender', 'From or Reply-To is not a plain address.');
  }
  if (!/^[A-Za-z0-9]{4,32}$/.test(nonce)) {
    return refusal('bad_nonce', 'The nonce of the content is not 4 to 32 letters and digits.');
  }
  return null;
}

/**
 * Why this message may not leave, or null: the last look before the provider, for defects of our own. `anyUrl` lets
 * the opt-out URL be one that no mailbox provider would post to, for mail that stays here.
 */
export function recipientFault(
  content: EmailContent,
  recipient: EmailRecipient,
  anyUrl = false,
): Verdict | null {
  if (!isPlainAddress(recipient.to)) {
    return refusal(
      'unsafe_address',
      'The address is not one that all mail programs read the same way.',
    );
  }
  if (!isSafeInHeader(recipient.subject)) {
    return refusal('unsafe_header', 'The subject holds a control character.');
  }
  if (
    recipient.htmlHoles.length !== content.htmlPieces.length - 1 ||
    recipient.textHoles.length !== content.textPieces.length - 1
  ) {
    return refusal('holes_mismatch', 'The number of holes does not fit the content.');
  }
  return content.kind === 'marketing' ? optOutFault(recipient, content, anyUrl) : null;
}

function optOutFault(
  recipient: EmailRecipient,
  content: EmailContent,
  anyUrl: boolean,
): Verdict | null {
  const url = recipient.unsubscribeUrl;
  if (url === undefined) return refusal('no_opt_out', 'Marketing without an opt-out URL.');
  if (!anyUrl && !isOneClickUrl(url)) {
    return refusal(
      'bad_opt_out_url',
      `The opt-out URL is not https, ASCII and at most ${MAX_UNSUBSCRIBE_URL} characters.`,
    );
  }
  if (recipient.unsubscribeMail !== undefined && !isOptOutMail(recipient.unsubscribeMail)) {
    return refusal('bad_opt_out_mail', 'The mailto: of the opt-out is not ASCII and short.');
  }
  // Each part that exists must carry the recipient's own link: a page that cannot be left is not sent.
  const shown = (pieces: readonly string[], holes: readonly string[]) =>
    pieces.every((piece) => piece === '') || holes.some((hole) => hole.includes(url));
  if (
    !shown(content.htmlPieces, recipient.htmlHoles) ||
    !shown(content.textPieces, recipient.textHoles)
  ) {
    return refusal('no_opt_out_link', "The body lacks the recipient's own opt-out link.");
  }
  return null;
}
