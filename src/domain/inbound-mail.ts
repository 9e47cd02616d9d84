import { meaningOf, type SmsMeaning } from './sms-keywords';

/** What a mail says of itself, its words aside. */
export interface MailTraits {
  /** By name in small letters, unfolded. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** SMTP's MAIL FROM; empty for reports, null when it is not known. */
  returnPath: string | null;
  /** The address alone. */
  from: string;
}

export type Automatic =
  'auto_submitted' | 'empty_return_path' | 'precedence' | 'mail_system' | 'auto_reply' | 'report';

const PRECEDENCES: readonly string[] = ['bulk', 'auto_reply', 'junk', 'list'];
const MAIL_SYSTEM = /^(mailer-daemon|postmaster)(@|$)/i;
const AUTO_REPLY_HEADERS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-failed-recipients',
];

/** Why a mail was not written by a person (P-14; RFC 3834), or null when it may have been. */
export function whyAutomatic({ headers, returnPath, from }: MailTraits): Automatic | null {
  const values = (name: string) =>
    (headers.get(name) ?? []).map((value) => value.trim().toLowerCase());
  if (values('auto-submitted').some((value) => value !== '' && !/^no\b/.test(value)))
    return 'auto_submitted';
  if (returnPath?.replace(/[<>\s]/g, '') === '' || values('return-path').includes('<>'))
    return 'empty_return_path';
  if (
    values('content-type').some((type) =>
      /^(multipart\/report|message\/delivery-status)/.test(type),
    )
  )
    return 'report';
  if (values('precedence').some((value) => PRECEDENCES.includes(value))) return 'precedence';
  if (MAIL_SYSTEM.test(from) || MAIL_SYSTEM.test(returnPath ?? '')) return 'mail_system';
  // Exchange writes it on what answers by itself; on a person's own mail it names single kinds, if it is there at all.
  const answersItself = values('x-auto-response-suppress').includes('all');
  return answersItself || AUTO_REPLY_HEADERS.some((name) => headers.has(name))
    ? 'auto_reply'
    : null;
}

const TOKEN = '([A-Za-z0-9_-]{22}|[A-Za-z0-9]{16})';
const IN_ADDRESSES = new RegExp(`\\+${TOKEN}@([A-Za-z0-9.-]+)`, 'g');
const IN_SUBJECT = new RegExp(`^avsluta\\s+${TOKEN}$`, 'i');

/** A mail that names more of them is nobody's no. */
const MOST_TOKENS = 10;

/**
 * What may be the token of a link of ours: in the subject, then in the addresses the mail went to; never out of its
 * text (F-60). Others tag their addresses too: `host`, if given, is the only one whose tags are ours.
 */
export function tokensOf(recipients: readonly string[], subject: string, host?: string): string[] {
  const [, inSubject] = IN_SUBJECT.exec(withoutReplyMarks(subject)) ?? [];
  const inAddresses = recipients
    .flatMap((recipient) => [...recipient.matchAll(IN_ADDRESSES)])
    .filter(([, , at]) => host === undefined || at!.toLowerCase() === host.toLowerCase())
    .map(([, token]) => token!);
  const tokens = inSubject === undefined ? inAddresses : [inSubject, ...inAddresses];
  return [...new Set(tokens)].slice(0, MOST_TOKENS);
}

const REPLY_MARKS = /^(?:\s*(?:re|sv|svar|aw)\s*:)+/i;
const FORWARD_MARK = /^\s*(?:(?:re|sv)\s*:\s*)*(?:fwd?|vb|vidarebefordrat)\s*:/i;

const withoutReplyMarks = (subject: string): string => subject.replace(REPLY_MARKS, '').trim();

/** What the writer means: by the subject, where it is their own, or by the first line that they wrote themselves. */
export function meaningOfMail(subject: string, text: string): SmsMeaning {
  // A forwarded mail is somebody else's, whatever its subject says.
  if (FORWARD_MARK.test(subject)) return 'unclear';
  const own = meaningOf(firstLine(ownWords(text)));
  // The subject of a reply is ours: "Re: Sluta leta, börja lära".
  if (own === 'stop' || REPLY_MARKS.test(subject)) return own;
  const bySubject = IN_SUBJECT.test(subject.trim()) ? 'stop' : meaningOf(subject);
  return bySubject === 'stop' ? 'stop' : own;
}

const QUOTED = /^\s*>/;
/** What a mail program writes above a quotation, if need be on two lines. */
const ATTRIBUTION =
  /^\s*(?:(?:den|on)\b.{4,300}(?:\bskrev\b|\bwrote\b|<\S*$|>\s*$)|\S+@\S+>:?\s*$|(?:skrev|wrote):?\s*$)/i;
const ORIGINAL_BEGINS =
  /^\s*(?:-{2,}\s*(?:ursprungligt meddelande|original message|vidarebefordrat|forwarded)|_{10,}\s*$|(?:från|from):\s|begin forwarded message|vidarebefordrat (?:brev|mejl|meddelande))/i;

const LONGEST_MARK = 500;

/** The text without the mail it answers: that one holds links of ours, and perhaps words of another person. */
export function ownWords(text: string): string {
  const own: string[] = [];
  let afterAttribution = false;
  for (const line of text.split(/\r\n?|\n/)) {
    // Longer ones are nobody's mail program's, and some expressions would take their time over them.
    const mark = line.slice(0, LONGEST_MARK);
    if (ORIGINAL_BEGINS.test(mark)) break;
    if (QUOTED.test(line)) {
      afterAttribution = false;
      continue;
    }
    if (line.length <= LONGEST_MARK && ATTRIBUTION.test(line)) {
      afterAttribution = true;
      continue;
    }
    // Some programs do not mark what they quote.
    if (afterAttribution && line.trim() !== '') break;
    own.push(line);
  }
  return own.join('\n').trim();
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const LINK_OF_OURS = new RegExp(`/(u|s|preferences|why|view|confirm)/[A-Za-z0-9_-]{16,}`, 'g');

/** For a person to read: tokens are keys, and are kept nowhere. */
export function withoutTokens(text: string): string {
  return text
    .replace(LINK_OF_OURS, '/$1/…')
    .replace(new RegExp(`\\+${TOKEN}@`, 'g'), '+…@')
    .replace(new RegExp(`\\b(avsluta\\s+)${TOKEN}(?![\\w-])`, 'gi'), '$1…');
}
