import fc from 'fast-check';
import {
  addTold,
  BUCKETS,
  bucketOf,
  canMove,
  EVENT_RANK,
  type EventState,
  mergeEvent,
  MESSAGE_STATES,
  type MessageState,
  MOVES,
  type ProviderEvent,
  saysNeverSent,
  statesBefore,
  type Told,
} from './message-state';

const SEVEN: ProviderEvent[] = [
  'processed',
  'deferred',
  'delivered',
  'dropped',
  'bounce',
  'group_unsubscribe',
  'spamreport',
];
const merged = (start: EventState, events: readonly ProviderEvent[]): EventState =>
  events.reduce(mergeEvent, start);
const from = (state: MessageState): EventState => ({ state, eventRank: 0 });

const anyState = fc.constantFrom(...MESSAGE_STATES);
const anyEvents = fc.array(fc.constantFrom(...(Object.keys(EVENT_RANK) as ProviderEvent[])));

describe('the moves of a message', () => {
  it('are listed once each, between known states, and never to the same state', () => {
    const names = MOVES.map(({ from: a, to, by }) => `${a} ${to} ${by}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { from: a, to } of MOVES) {
      expect(MESSAGE_STATES).toContain(a);
      expect(MESSAGE_STATES).toContain(to);
      expect(a).not.toBe(to);
    }
  });

  it.each<[MessageState, MessageState[]]>([
    ['PLANNED', ['CLAIMED', 'WITHHELD', 'CANCELLED']],
    ['CLAIMED', ['PLANNED', 'HANDED_OVER', 'WITHHELD', 'CANCELLED', 'REJECTED']],
    ['HANDED_OVER', ['ACCEPTED', 'REJECTED', 'RETRY_WAIT', 'UNKNOWN']],
    ['RETRY_WAIT', ['PLANNED', 'WITHHELD', 'CANCELLED']],
    ['UNKNOWN', ['NO_EVIDENCE', 'ACCEPTED', 'REJECTED']],
    ['ACCEPTED', ['NO_TERMINAL_EVENT']],
    ['REJECTED', []],
    ['WITHHELD', []],
    ['CANCELLED', []],
    ['DELIVERED', []],
    ['NO_EVIDENCE', []],
  ])('leave %s, without evidence, only for %j', (state, to) => {
    const moves = MOVES.filter((move) => move.from === state && move.by !== 'evidence');
    expect([...new Set(moves.map((move) => move.to))].sort()).toEqual([...to].sort());
  });

  it('P-36: never lead from an unknown outcome back to another try', () => {
    const seen = new Set<MessageState>(['UNKNOWN']);
    for (const state of seen) {
      for (const move of MOVES.filter((m) => m.from === state)) seen.add(move.to);
    }
    const retried: MessageState[] = ['PLANNED', 'CLAIMED', 'RETRY_WAIT', 'HANDED_OVER'];
    expect(retried.filter((state) => seen.has(state))).toEqual([]);
  });

  it('P-36: reach HANDED_OVER only by a permit, from a claim', () => {
    expect(MOVES.filter(({ to }) => to === 'HANDED_OVER')).toEqual([
      { from: 'CLAIMED', to: 'HANDED_OVER', by: 'permit' },
    ]);
  });

  it('reach every state from PLANNED', () => {
    const seen = new Set<MessageState>(['PLANNED']);
    for (const state of seen) {
      for (const move of MOVES.filter((m) => m.from === state)) seen.add(move.to);
    }
    expect([...seen].sort()).toEqual([...MESSAGE_STATES].sort());
  });

  it('are asked for by state and by cause', () => {
    expect(canMove('CLAIMED', 'PLANNED')).toBe(true);
    expect(canMove('CLAIMED', 'PLANNED', 'permit')).toBe(false);
    expect(canMove('UNKNOWN', 'PLANNED')).toBe(false);
    expect(statesBefore('UNKNOWN', 'deadline')).toEqual(['HANDED_OVER']);
    expect(statesBefore('WITHHELD', 'gate')).toEqual(['PLANNED', 'CLAIMED', 'RETRY_WAIT']);
  });
});

describe('provider events', () => {
  it('P-45: end the same in all 5 040 orders of seven', () => {
    const ends = new Set<string>();
    let orders = 0;
    for (const order of permutations(SEVEN)) {
      orders += 1;
      ends.add(JSON.stringify(merged(from('HANDED_OVER'), order)));
    }
    expect(orders).toBe(5040);
    expect([...ends]).toEqual([JSON.stringify({ state: 'BOUNCED', eventRank: 8 })]);
  });

  it('P-43: end the same in any order, with any copies, from any state', () => {
    fc.assert(
      fc.property(anyState, anyEvents, fc.infiniteStream(fc.nat()), (state, events, numbers) => {
        const keyed = [...events, ...events].map((event) => [numbers.next().value, event] as const);
        const shuffled = keyed.sort(([a], [b]) => a - b).map(([, event]) => event);
        expect(merged(from(state), shuffled)).toEqual(merged(from(state), events));
      }),
    );
  });

  it('P-45: end the same when their sum is merged once', () => {
    fc.assert(
      fc.property(anyState, anyEvents, (state, events) => {
        let told: Told | undefined;
        for (const event of events) told = addTold(told, event);
        const moves = told !== undefined && canMove(state, told.shown, 'evidence');
        expect(merged(from(state), events)).toEqual({
          state: moves ? told!.shown : state,
          eventRank: told?.eventRank ?? 0,
        });
      }),
    );
  });

  it('never make an illegal move, lower a rank, or move a message back', () => {
    fc.assert(
      fc.property(anyState, anyEvents, (state, events) => {
        let current = from(state);
        for (const event of events) {
          const next = mergeEvent(current, event);
          expect(next.eventRank).toBeGreaterThanOrEqual(current.eventRank);
          if (next.state !== current.state) {
            expect(canMove(current.state, next.state, 'evidence')).toBe(true);
          }
          current = next;
        }
      }),
    );
  });

  it.each<[MessageState, ProviderEvent[], MessageState]>([
    ['HANDED_OVER', ['processed'], 'ACCEPTED'],
    ['UNKNOWN', ['deferred'], 'ACCEPTED'],
    ['UNKNOWN', ['delivered'], 'DELIVERED'],
    ['NO_EVIDENCE', ['processed'], 'ACCEPTED'],
    ['ACCEPTED', ['bounce'], 'BOUNCED'],
    ['ACCEPTED', ['dropped'], 'DROPPED'],
    ['ACCEPTED', ['blocked'], 'DROPPED'],
    ['ACCEPTED', ['expired'], 'EXPIRED'],
    ['ACCEPTED', ['spamreport'], 'DELIVERED'],
    ['ACCEPTED', ['group_unsubscribe'], 'DELIVERED'],
    ['ACCEPTED', ['unsubscribe'], 'DELIVERED'],
    ['DELIVERED', ['bounce', 'delivered'], 'BOUNCED'],
    ['DELIVERED', ['processed', 'deferred'], 'DELIVERED'],
    ['BOUNCED', ['spamreport'], 'BOUNCED'],
    ['NO_TERMINAL_EVENT', ['deferred'], 'NO_TERMINAL_EVENT'],
    ['NO_TERMINAL_EVENT', ['delivered'], 'DELIVERED'],
    ['RETRY_WAIT', ['processed'], 'ACCEPTED'],
    ['PLANNED', ['delivered'], 'DELIVERED'],
    ['WITHHELD', ['delivered'], 'WITHHELD'],
    ['CANCELLED', ['spamreport'], 'CANCELLED'],
  ])('take %s by %j to %s', (state, events, end) => {
    expect(merged(from(state), events).state).toBe(end);
  });

  it('F-84: keep the complaint when "delivered" comes late', () => {
    const complained = merged(from('ACCEPTED'), ['spamreport']);
    expect(mergeEvent(complained, 'delivered')).toEqual({
      state: 'DELIVERED',
      eventRank: EVENT_RANK.spamreport,
    });
  });

  it('rank as P-45 says', () => {
    const ranks = SEVEN.map((event) => EVENT_RANK[event]);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(7);
    expect(EVENT_RANK.unsubscribe).toBe(EVENT_RANK.group_unsubscribe);
  });
});

describe('the equation', () => {
  it('puts every state in one of the seven buckets, and fills them all', () => {
    const buckets = MESSAGE_STATES.map(bucketOf);
    expect([...new Set(buckets)].sort()).toEqual([...BUCKETS].sort());
  });

  it('counts as never sent what no provider has', () => {
    const held = MESSAGE_STATES.filter((state) => !saysNeverSent(state)).map(bucketOf);
    expect([...new Set(held)].sort()).toEqual(['accepted', 'in_flight', 'unknown']);
  });
});

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    const others = [...items.slice(0, i), ...items.slice(i + 1)];
    for (const rest of permutations(others)) yield [item, ...rest];
  }
}
