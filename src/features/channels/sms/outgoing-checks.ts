import type { Verdict } from '../hand-over';
import type { SmsRecipient, SmsRequest } from './sms-channel';

/** Twilio takes 1 600 characters (error 21617); marketing is held to far less when it is written. */
const LONGEST_BODY = 1600;
/** P-57. */
const LONGEST_VALIDITY = 3600;
const E164 = /^\+[1-9]\d{7,14}$/;

function refusal(code: string, detail: string): Verdict {
  return { kind: 'refused', code, detail, permanent: true };
}

/** Why this message may not leave, or null: the last look before the provider, for defects of our own. */
export function recipientFault(
  kind: SmsRequest['kind'],
  { to, body, validSeconds, unsubscribeUrl }: SmsRecipient,
): Verdict | null {
  if (!E164.test(to))
    return refusal('unsafe_number', 'The number is not in the form +46701740605.');
  if (body.trim() === '' || body.length > LONGEST_BODY) {
    return refusal('unsafe_body', `The text is empty or longer than ${LONGEST_BODY} characters.`);
  }
  if (validSeconds > LONGEST_VALIDITY) {
    return refusal('bad_validity', `It would be tried for more than ${LONGEST_VALIDITY} seconds.`);
  }
  // Its hour is over; later it may be handed over again.
  if (validSeconds < 1) return { kind: 'not_sent', code: 'outside_hours' };
  if (kind === 'service') return null;
  if (unsubscribeUrl === undefined)
    return refusal('no_opt_out', 'Marketing without an opt-out URL.');
  return body.includes(unsubscribeUrl)
    ? null
    : refusal('no_opt_out_link', "The text lacks the recipient's own opt-out link.");
}
