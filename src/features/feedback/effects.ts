import { EVENT_RANK, type ProviderEvent } from '../../domain/message-state';
import type { Door, LedgerAct } from '../registry/ledger/ledger-act';

interface Kind {
  type: string;
  subtype: string | null;
}

/** The types we know. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'processed',
  'deferred',
  'delivered',
  'expired',
  'dropped',
  'bounce',
  'unsubscribe',
  'group_unsubscribe',
  'group_resubscribe',
  'spamreport',
]);

export interface Effect {
  act?: Pick<LedgerAct, 'kind' | 'scope' | 'door' | 'detail'>;
  alarm?: string;
}

const objection = (door: Door, detail: string): Effect => ({
  act: { kind: 'opt_out', scope: 'all', door, detail },
});

const undeliverable = (detail: string): Effect => ({
  act: { kind: 'undeliverable', scope: 'all', door: 'bounce', detail },
});

/** What a provider's event means for the registry, beyond the state of its message. */
export function effectOf({ type, subtype }: Kind): Effect {
  switch (type) {
    case 'spamreport':
      return objection('spam_complaint', 'spamreport');
    case 'unsubscribe':
    case 'group_unsubscribe':
      return objection('provider_unsubscribe', type);
    case 'bounce':
      // `blocked` is a refusal for now (full, greylisted, bad reputation) and says nothing of the address.
      return subtype === 'blocked' ? {} : undeliverable('bounce');
    case 'dropped':
      // The operator or Twilio itself holds a STOP of theirs against us (error 21610).
      if (subtype === 'stopped') return objection('provider_block', '21610');
      if (subtype === 'said_no') {
        return {
          ...objection('provider_unsubscribe', 'dropped'),
          alarm: 'the provider knew a no that we did not',
        };
      }
      return subtype === 'bounced' ? undeliverable('dropped') : {};
    case 'processed':
    case 'deferred':
    case 'delivered':
    case 'expired':
      return {};
    case 'group_resubscribe':
      // A yes at the provider is nobody's confirmed act with us: it lifts nothing.
      return { alarm: 'somebody resubscribed at the provider; nothing was lifted' };
    default:
      return { alarm: 'an event of a type we do not know' };
  }
}

/** What it tells of its message, in our words; null when nothing. */
export function toProviderEvent({ type, subtype }: Kind): ProviderEvent | null {
  if (type === 'bounce' && subtype === 'blocked') return 'blocked';
  return type in EVENT_RANK ? (type as ProviderEvent) : null;
}
