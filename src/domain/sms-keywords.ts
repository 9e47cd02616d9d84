/** What somebody means who answers a text message (P-53). */
export type SmsMeaning = 'stop' | 'start' | 'unclear';

const STOP = new Set(
  (
    'STOP STOPP STOPPA SLUTA AVSLUTA AVREGISTRERA AVANMÄL AVPRENUMERERA UNSUBSCRIBE CANCEL END QUIT STOPALL ' +
    'REVOKE OPTOUT'
  ).split(' '),
);
const START = new Set(['START', 'JA', 'YES', 'UNSTOP']);
const MOST_WORDS = 4;

/**
 * A keyword, as the first or the last of at most four words, whatever the case, quotes and punctuation. Anything
 * longer is for a person to read: "Vi måste stoppa krisen, räkna med mig!" is no opt-out.
 */
export function meaningOf(body: string): SmsMeaning {
  const words = body
    .normalize('NFC')
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0 || words.length > MOST_WORDS) return 'unclear';
  if (STOP.has(words[0]!) || STOP.has(words.at(-1)!)) return 'stop';
  return words.length === 1 && START.has(words[0]!) ? 'start' : 'unclear';
}
