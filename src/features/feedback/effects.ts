import type { LedgerAct } from '../registry/ledger/ledger-act';

export interface Effect {
  /** For the record: what came of the event. */
  kind: 'objection' | 'undeliverable' | 'state' | 'none' | 'unknown_type';
  act?: Pick<LedgerAct, 'kind' | 'scope' | 'door' | 'detail'>;
  alarm?: string;
}

const objection = (door: 'spam_complaint' | 'provider_unsubscribe', detail: string): Effect => ({
  kind: 'objection',
  act: { kind: 'opt_out', scope: 'all', door, detail },
});

const undeliverable = (detail: string): Effect => ({
  kind: 'undeliverable',
  act: { kind: 'undeliverable', scope: 'all', door: 'bounce', detail },
});

/** What a provider's event means for the registry, beyond the state of its message. */
export function effectOf({ type, subtype }: { type: string; subtype: string | null }): Effect {
  switch (type) {
    case 'spamreport':
      return objection('spam_complaint', 'spamreport');
    case 'unsubscribe':
    case 'group_unsubscribe':
      return objection('provider_unsubscribe', type);
    case 'bounce':
      // `blocked` is a refusal for now (full, greylisted, bad reputation) and says nothing of the address.
      return subtype === 'blocked' ? { kind: 'state' } : undeliverable('bounce');
    case 'dropped':
      if (subtype === 'said_no') {
        return {
          ...objection('provider_unsubscribe', 'dropped'),
          alarm: 'the provider knew a no that we did not',
        };
      }
      return subtype === 'bounced' ? undeliverable('dropped') : { kind: 'state' };
    case 'processed':
    case 'deferred':
    case 'delivered':
      return { kind: 'state' };
    case 'group_resubscribe':
      // A yes at the provider is nobody's confirmed act with us: it lifts nothing.
      return { kind: 'none', alarm: 'somebody resubscribed at the provider; nothing was lifted' };
    default:
      return { kind: 'unknown_type', alarm: 'an event of a type we do not know' };
  }
}
