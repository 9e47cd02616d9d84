import { createHash } from 'node:crypto';
import { Malformed } from '../../platform/errors';
import { isUuid } from '../../platform/ids';
import type { IncomingEvent } from './incoming-event';

/** Opens and clicks are not measured: they are dropped unread. */
const IGNORED = new Set(['open', 'click']);

/** Reads a verified post. Unknown types are kept (and shown to operators); what is no event at all is refused. */
export function readEvents(body: unknown): IncomingEvent[] {
  if (!Array.isArray(body)) throw new Malformed('events_not_a_list');
  return body.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw new Malformed('event_not_an_object');
    const event = item as Record<string, unknown>;
    const type = text(event.event);
    if (!type || IGNORED.has(type)) return [];
    return [
      {
        providerEventId: text(event.sg_event_id) ?? fingerprint(event),
        type: type.slice(0, 60),
        subtype: subtypeOf(type, event),
        code: /^[\d.]{1,12}$/.test(text(event.status) ?? '') ? text(event.status) : null,
        occurredAt: instant(event.timestamp),
        messageId: isUuid(event.message_id) ? event.message_id : null,
        email: text(event.email),
      },
    ];
  });
}

/** Free text of a provider may hold an address, so only codes are kept. */
function subtypeOf(type: string, event: Record<string, unknown>): string | null {
  if (type === 'dropped') return dropReason(text(event.reason));
  if (type === 'bounce') return event.type === 'blocked' ? 'blocked' : 'bounce';
  return null;
}

function text(value: unknown): string | null {
  // A NUL cannot be stored in Postgres, and one poisoned event must not hold the others back.
  return typeof value === 'string' && value !== ''
    ? value.replaceAll('\0', '').slice(0, 320)
    : null;
}

function instant(value: unknown): Date | null {
  const seconds = typeof value === 'number' ? value : Number.NaN;
  return seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000) : null;
}

/** Without an id of its own, an event is what it says. */
function fingerprint(event: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(event)).digest('hex');
}

/** Reasons for which SendGrid drops a mail by a list of its own; kept as codes, never as its free text. */
function dropReason(reason: string | null): 'said_no' | 'bounced' | 'other' {
  if (/^(unsubscribed address|spam reporting address)/i.test(reason ?? '')) return 'said_no';
  if (/^bounced address/i.test(reason ?? '')) return 'bounced';
  return 'other';
}
