export const MESSAGE_STATES = [
  'PLANNED',
  'CLAIMED',
  'HANDED_OVER',
  'ACCEPTED',
  'DELIVERED',
  'BOUNCED',
  'DROPPED',
  'EXPIRED',
  'NO_TERMINAL_EVENT',
  'REJECTED',
  'RETRY_WAIT',
  'UNKNOWN',
  'NO_EVIDENCE',
  'WITHHELD',
  'CANCELLED',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MoveCause =
  /** A worker takes the message. */
  | 'claim'
  /** The claim's lease ran out: nothing was sent, and taking it back is safe even when wrong. */
  | 'lease_expired'
  /** The committed right to hand over, once. */
  | 'permit'
  | 'gate'
  | 'cancel'
  /** No mail can be made of it: the address is gone, or the person's data do not render. */
  | 'unfit'
  /** What the hand-over came to (see outcome.ts). */
  | 'outcome'
  /** The hand-over's deadline passed with no outcome written. */
  | 'deadline'
  /** The wait before another try is over. */
  | 'due'
  /** A provider event, or a search at the provider, that shows it has the message. */
  | 'evidence'
  /** Time passed, with the event path known to be healthy, and nothing came. */
  | 'silence';

export interface Move {
  from: MessageState;
  to: MessageState;
  by: MoveCause;
}

/** How far a message is known to have come at the provider. A higher one is never lowered by a late event. */
const PROVIDER_LEVEL = {
  ACCEPTED: 1,
  NO_TERMINAL_EVENT: 1,
  DELIVERED: 2,
  EXPIRED: 3,
  DROPPED: 4,
  BOUNCED: 5,
} as const satisfies Partial<Record<MessageState, number>>;

type ProviderState = keyof typeof PROVIDER_LEVEL;

/** From these, evidence lifts a message to where the provider says it is. */
const OPEN_TO_EVIDENCE = [
  'HANDED_OVER',
  'UNKNOWN',
  'NO_EVIDENCE',
  // The provider has what we believe unsent: believe the provider, or the next try is a double.
  'PLANNED',
  'CLAIMED',
  'RETRY_WAIT',
  'REJECTED',
] as const satisfies readonly MessageState[];

const OWN_MOVES = [
  { from: 'PLANNED', to: 'CLAIMED', by: 'claim' },
  { from: 'PLANNED', to: 'WITHHELD', by: 'gate' },
  { from: 'PLANNED', to: 'CANCELLED', by: 'cancel' },
  { from: 'CLAIMED', to: 'PLANNED', by: 'lease_expired' },
  { from: 'CLAIMED', to: 'HANDED_OVER', by: 'permit' },
  { from: 'CLAIMED', to: 'WITHHELD', by: 'gate' },
  { from: 'CLAIMED', to: 'CANCELLED', by: 'cancel' },
  { from: 'CLAIMED', to: 'REJECTED', by: 'unfit' },
  { from: 'RETRY_WAIT', to: 'PLANNED', by: 'due' },
  { from: 'RETRY_WAIT', to: 'WITHHELD', by: 'gate' },
  { from: 'RETRY_WAIT', to: 'CANCELLED', by: 'cancel' },
  { from: 'HANDED_OVER', to: 'ACCEPTED', by: 'outcome' },
  { from: 'HANDED_OVER', to: 'REJECTED', by: 'outcome' },
  { from: 'HANDED_OVER', to: 'RETRY_WAIT', by: 'outcome' },
  { from: 'HANDED_OVER', to: 'UNKNOWN', by: 'outcome' },
  { from: 'HANDED_OVER', to: 'UNKNOWN', by: 'deadline' },
  // The provider's own clear answer, heard after the deadline.
  { from: 'UNKNOWN', to: 'ACCEPTED', by: 'outcome' },
  { from: 'UNKNOWN', to: 'REJECTED', by: 'outcome' },
  { from: 'UNKNOWN', to: 'NO_EVIDENCE', by: 'silence' },
  { from: 'ACCEPTED', to: 'NO_TERMINAL_EVENT', by: 'silence' },
] as const satisfies readonly Move[];

/**
 * Every legal move. Nothing leaves HANDED_OVER backwards except on proof that nothing was sent, and nothing
 * leaves UNKNOWN except by evidence, a late answer or silence: that is what makes it at most once.
 */
export const MOVES: readonly Move[] = [...OWN_MOVES, ...evidenceMoves()];

function evidenceMoves(): Move[] {
  const levels = Object.entries(PROVIDER_LEVEL) as [ProviderState, number][];
  const reachable = levels.filter(([state]) => state !== 'NO_TERMINAL_EVENT');
  const first = OPEN_TO_EVIDENCE.flatMap((from) => reachable.map(([to]) => [from, to] as const));
  const further = levels.flatMap(([from, low]) =>
    reachable.filter(([, high]) => high > low).map(([to]) => [from, to] as const),
  );
  return [...first, ...further].map(([from, to]) => ({ from, to, by: 'evidence' }));
}

/** Is there a legal move from one state to the other, by any cause or by this one? */
export const canMove = (from: MessageState, to: MessageState, by?: MoveCause): boolean =>
  MOVES.some((move) => move.from === from && move.to === to && (by ?? move.by) === move.by);

/** States a message may be in for this move: the WHERE of the compare-and-set that makes it. */
export const statesBefore = (to: MessageState, by: MoveCause): MessageState[] =>
  MOVES.filter((move) => move.to === to && move.by === by).map(({ from }) => from);

/** What providers tell, in our words. `bounce` is hard; `blocked` is a refusal that says nothing of the address. */
export type ProviderEvent =
  | 'processed'
  | 'deferred'
  | 'delivered'
  | 'expired'
  | 'blocked'
  | 'dropped'
  | 'bounce'
  | 'unsubscribe'
  | 'group_unsubscribe'
  | 'spamreport';

/** P-45: the order in which a later event may replace what is shown; 0 means none has come. */
export const EVENT_RANK: Readonly<Record<ProviderEvent, number>> = {
  processed: 1,
  deferred: 2,
  delivered: 3,
  expired: 4,
  blocked: 5,
  dropped: 5,
  bounce: 6,
  unsubscribe: 7,
  group_unsubscribe: 7,
  spamreport: 8,
};

/** Who complains or unsubscribes has got the message, so those count as delivered, unless worse is known. */
const STATE_SHOWN_BY: Readonly<Record<ProviderEvent, ProviderState>> = {
  processed: 'ACCEPTED',
  deferred: 'ACCEPTED',
  delivered: 'DELIVERED',
  expired: 'EXPIRED',
  blocked: 'DROPPED',
  dropped: 'DROPPED',
  bounce: 'BOUNCED',
  unsubscribe: 'DELIVERED',
  group_unsubscribe: 'DELIVERED',
  spamreport: 'DELIVERED',
};

export interface EventState {
  state: MessageState;
  eventRank: number;
}

/**
 * Takes one provider event into account; any order and any number of copies of the same events end the same.
 * WITHHELD and CANCELLED keep their state (see `saysNeverSent`): such an event is an incident, not a status.
 */
export function mergeEvent(current: EventState, event: ProviderEvent): EventState {
  const eventRank = Math.max(current.eventRank, EVENT_RANK[event]);
  const shown = STATE_SHOWN_BY[event];
  const moves = canMove(current.state, shown, 'evidence');
  return { state: moves ? shown : current.state, eventRank };
}

/** What some events about one message say together. */
export interface Told {
  shown: MessageState;
  eventRank: number;
}

/** Adds an event to what is told already: to merge the sum once ends as merging each of them, in any order. */
export function addTold(told: Told | undefined, event: ProviderEvent): Told {
  const shown = STATE_SHOWN_BY[event];
  if (!told) return { shown, eventRank: EVENT_RANK[event] };
  const further = PROVIDER_LEVEL[shown] > PROVIDER_LEVEL[told.shown as ProviderState];
  return {
    shown: further ? shown : told.shown,
    eventRank: Math.max(told.eventRank, EVENT_RANK[event]),
  };
}

export const NEVER_SENT: readonly MessageState[] = [
  'PLANNED',
  'CLAIMED',
  'RETRY_WAIT',
  'REJECTED',
  'WITHHELD',
  'CANCELLED',
];

/** True when our record says that no provider has the message: an event about it contradicts the record. */
export const saysNeverSent = (state: MessageState): boolean => NEVER_SENT.includes(state);

export const BUCKETS = [
  'withheld',
  'cancelled',
  'pending',
  'in_flight',
  'rejected',
  'accepted',
  'unknown',
] as const;
export type Bucket = (typeof BUCKETS)[number];

const BUCKET_OF: Readonly<Record<MessageState, Bucket>> = {
  PLANNED: 'pending',
  CLAIMED: 'pending',
  RETRY_WAIT: 'pending',
  HANDED_OVER: 'in_flight',
  ACCEPTED: 'accepted',
  DELIVERED: 'accepted',
  BOUNCED: 'accepted',
  DROPPED: 'accepted',
  EXPIRED: 'accepted',
  NO_TERMINAL_EVENT: 'accepted',
  REJECTED: 'rejected',
  UNKNOWN: 'unknown',
  NO_EVIDENCE: 'unknown',
  WITHHELD: 'withheld',
  CANCELLED: 'cancelled',
};

/** Every message is in exactly one bucket at every moment: audience = the sum of the seven. */
export const bucketOf = (state: MessageState): Bucket => BUCKET_OF[state];
