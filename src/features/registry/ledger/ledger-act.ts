import type { Channel } from '../../../domain/address';
import type { LedgerKind, LedgerScope } from '../../../domain/registry-state';
import type { Actor } from '../../../platform/http/actor';

/** Where an act came in. A link's one_click, form and bare are details of the door `link`. */
export const DOORS = [
  'link',
  'preference_page',
  'manual_form',
  'mina_sidor',
  'service_desk',
  'spam_complaint',
  'provider_unsubscribe',
  'provider_block',
  'privacy_officer',
  'api',
  'sms_keyword',
  'sms_link',
  'reply_mail',
  'import',
  'signup_form',
  'double_opt_in',
  'crm_sync',
  'demo',
  'bounce',
] as const;
export type Door = (typeof DOORS)[number];

export const CHANNELS = ['email', 'sms'] as const satisfies readonly Channel[];

export const GROUNDS = ['CONSENT', 'SOFT_OPT_IN', 'LEGAL_PERSON'] as const;
export type Ground = (typeof GROUNDS)[number];

export interface AddressRef {
  channel: Channel;
  key: Buffer;
  version: number;
}

/** One thing that somebody did or said, as it goes into the ledger. */
export interface LedgerAct {
  kind: LedgerKind;
  scope: LedgerScope;
  /** null: every channel. A grant's is its address's. */
  channel: Channel | null;
  /** null: the act is about a person only. */
  address: AddressRef | null;
  /** null: nobody we know. */
  contactId: string | null;
  door: Door;
  actor: Pick<Actor, 'type' | 'id'>;
  topicId?: string;
  ground?: Ground;
  detail?: string;
  method?: string;
  messageId?: string | null;
  campaignId?: string | null;
  wordingVersion?: string;
  /** Codes, references and times; never an address or a name. A pause's end is `until` (ISO); of fewer: `days`. */
  evidence?: Record<string, unknown>;
}

export interface RecordedAct {
  /**
   * `recorded`: a new entry. `standing`: the same already stood, and its first entry is given.
   * `refused`: a yes that an earlier no outweighs; nothing was written.
   */
  outcome: 'recorded' | 'standing' | 'refused';
  entryId: string | null;
  seq: number | null;
  at: Date | null;
}

/** The methods that outweigh an earlier no, each through the one door where it can be true. */
const DOOR_OF: Readonly<Record<string, Door>> = {
  mina_sidor_authenticated: 'mina_sidor',
  double_opt_in_post: 'double_opt_in',
  officer_with_evidence: 'privacy_officer',
};

/** The person themselves, proven: no staff, no file and no other system. */
export function isOwnMethod(door: Door, method: string | undefined): boolean {
  const own = door === 'mina_sidor' || door === 'double_opt_in';
  return own && method !== undefined && DOOR_OF[method] === door;
}

export function isMethodOf(door: Door, method: string): boolean {
  const only = DOOR_OF[method];
  return only === undefined || only === door;
}
