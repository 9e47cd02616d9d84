import { SegmentedMessage } from 'sms-segments-calculator';

/** How a text message is carried and counted: GSM 03.38 in septets, else UCS-2 in UTF-16 units. */
export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2';
  /** Septets or UTF-16 units, without the headers of parts. */
  units: number;
  /** Parts that the operator charges for. */
  segments: number;
  /** Characters that force UCS-2, each once, in their order. */
  offending: string[];
}

/** P-59: more is too long for a text message that nobody asked for. */
export const MOST_SEGMENTS = 3;

/** Counts the text as it is: normalise it first (NFC), as sending does. */
export function sizeOf(text: string): SmsSize {
  if (text === '') return { encoding: 'GSM-7', units: 0, segments: 0, offending: [] };
  const message = new SegmentedMessage(text);
  const encoding = message.encodingName;
  const bits = encoding === 'GSM-7' ? 7 : 16;
  return {
    encoding,
    units: message.messageSize / bits,
    segments: message.segmentsCount,
    offending: encoding === 'GSM-7' ? [] : [...new Set(message.getNonGsmCharacters())],
  };
}

/** What word processors put in, and what every telephone shows as well. */
const PLAIN = new Map(
  Object.entries({
    "'": '‘’‚‛′´`',
    '"': '“”„‟″«»',
    '-': '‐‑‒–—―−•·',
    '...': '…',
    ' ': '\u00a0\u2002\u2003\u2007\u2009\u202f\t',
    '\n': '\u2028\u2029',
    '': '\u00ad\u200b\u200d\ufeff',
  }).flatMap(([plain, fancy]) => [...fancy].map((character) => [character, plain] as const)),
);

/** The same text in characters that cost least; what has no plain form stays. */
export function plainer(text: string): string {
  return [...text.normalize('NFC').replace(/\r\n?/g, '\n')]
    .map((character) => PLAIN.get(character) ?? character)
    .join('');
}

/**
 * A name that networks show as the sender: up to eleven letters, digits and spaces, one of them a letter
 * (https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id). Nobody can answer it.
 */
export function isSenderName(name: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/.test(name);
}
