/** What was sent to one address to have a sign-up confirmed, and what it has said no to. */
export interface ConfirmationHistory {
  /** Confirmation mails of the same kind in the last 24 hours. */
  lastDay: number;
  /** Confirmation mails since this address last answered one, or ever. */
  unanswered: number;
  /** A no stands for the address, or it was erased. */
  objected: boolean;
  /** Confirmation mails since that no, at most 30 days back. */
  sinceObjection: number;
}

const UNANSWERED_EVER = 3;

/**
 * L-17, and what keeps a form from being a weapon: one confirmation mail a day, three ever to one who does not
 * answer, one per 30 days to one who has said no.
 */
export function mayAskToConfirm(history: ConfirmationHistory): boolean {
  if (history.lastDay > 0 || history.unanswered >= UNANSWERED_EVER) return false;
  return !history.objected || history.sinceObjection === 0;
}

/** Unanswered sign-ups per hour, all addresses together; beyond that someone is playing with the form. */
export const SIGNUPS_PER_HOUR = 1_000;
/** The same for one mail domain: 2016's attacks chose whole companies and authorities. */
export const SIGNUPS_PER_HOUR_AND_DOMAIN = 100;

// The mailbox providers of the many: their share of an honest day is far above any one company's.
const OPEN_TO_ALL: ReadonlySet<string> = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'hotmail.se',
  'live.com',
  'live.se',
  'msn.com',
  'icloud.com',
  'me.com',
  'yahoo.com',
  'yahoo.se',
  'telia.com',
  'proton.me',
  'protonmail.com',
]);

/** Whether one more sign-up would be more than the form takes. Independent of who the address belongs to. */
export function isCrowded(lastHour: { all: number; domain: number }, domain: string): boolean {
  if (lastHour.all >= SIGNUPS_PER_HOUR) return true;
  return lastHour.domain >= SIGNUPS_PER_HOUR_AND_DOMAIN && !OPEN_TO_ALL.has(domain);
}
