import { isUuid } from '../../platform/ids';
import type { IncomingEvent } from './incoming-event';

/** Ours for Twilio's; what is on its way says no more than that it was taken. */
const TYPES: Readonly<Record<string, string>> = {
  accepted: 'processed',
  queued: 'processed',
  sending: 'processed',
  sent: 'processed',
  delivered: 'delivered',
};

/** https://www.twilio.com/docs/api/errors */
const STOPPED = '21610';
const EXPIRED = '30036';
/** Nobody will be reached there tomorrow either: unknown number, landline, not a mobile. */
const DEAD: readonly string[] = ['30005', '30006', '21211', '21614'];

/**
 * Reads a verified status callback. `mid` is our own id, from the callback's URL. Null: a status that says nothing
 * (a read receipt of another channel).
 */
export function readStatus(form: Record<string, string>, mid: unknown): IncomingEvent | null {
  const { MessageSid: sid = '', MessageStatus: status = '', ErrorCode: error = '' } = form;
  const known = kindOf(status, error);
  if (!known || !/^[A-Z]{2}[0-9a-f]{32}$/.test(sid)) return null;
  return {
    ...known,
    providerEventId: `${sid}-${status}`,
    code: /^\d{1,12}$/.test(error) ? error : null,
    occurredAt: null,
    messageId: isUuid(mid) ? mid : null,
    email: null,
  };
}

function kindOf(status: string, error: string): Pick<IncomingEvent, 'type' | 'subtype'> | null {
  const type = TYPES[status];
  if (type) return { type, subtype: null };
  if (status !== 'undelivered' && status !== 'failed' && status !== 'canceled') return null;
  if (error === STOPPED) return { type: 'dropped', subtype: 'stopped' };
  if (error === EXPIRED) return { type: 'expired', subtype: null };
  return { type: 'bounce', subtype: DEAD.includes(error) ? 'bounce' : 'blocked' };
}
