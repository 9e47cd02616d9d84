import { check } from './check';
import type { History, MessageRow, ProviderRecord } from './history';

const T = 1_800_000_000_000;

const row = (id: string, address: string, more: Partial<MessageRow> = {}): MessageRow => ({
  id,
  campaignId: 'c1',
  address,
  state: 'DELIVERED',
  reason: null,
  epoch: 1,
  permitAt: T,
  permitCommittedAt: T + 3,
  attempts: 1,
  outcomeCode: null,
  copy: 0,
  ...more,
});

const taken = (messageId: string, request: number, more: Partial<ProviderRecord> = {}) =>
  (['request', 'taken'] as const).map((kind) => ({
    messageId,
    request,
    kind,
    mode: 'accept',
    at: T + 20,
    ...more,
  }));

/** Anna and Bo each got one message. */
function good(): History {
  return {
    campaigns: [{ id: 'c1', runState: 'finished', audience: 2 }],
    audience: ['anna', 'bo'],
    messages: [row('m1', 'anna'), row('m2', 'bo')],
    gates: [
      { address: 'anna', epoch: 1, noAll: false },
      { address: 'bo', epoch: 1, noAll: false },
    ],
    entries: [
      { seq: 1, address: 'anna', kind: 'grant', at: T - 1000 },
      { seq: 2, address: 'bo', kind: 'grant', at: T - 1000 },
    ],
    provider: [...taken('m1', 1), ...taken('m2', 1)],
    optOuts: [],
    unansweredOptOuts: [],
    events: [
      { messageId: 'm1', type: 'delivered', at: T + 500 },
      { messageId: 'm2', type: 'delivered', at: T + 500 },
    ],
    repeatedEvents: 0,
    faults: [],
    deadlocks: 0,
  };
}

/** The same, and Anna says no at `at`, acknowledged 10 ms later. */
function goodWithNo(at: number): History {
  const history = good();
  history.optOuts = [{ address: 'anna', door: 'one_click', askedAt: at, ackedAt: at + 10 }];
  history.entries.push({ seq: 3, address: 'anna', kind: 'opt_out', at: at + 5 });
  history.gates[0] = { address: 'anna', epoch: 2, noAll: true };
  return history;
}

const withheld = (history: History): History => {
  history.messages[0] = row('m1', 'anna', {
    state: 'WITHHELD',
    reason: 'suppressed_address',
    permitAt: null,
    permitCommittedAt: null,
  });
  history.provider = taken('m2', 1);
  history.events = history.events.slice(1);
  return history;
};

const found = (history: History) => check(history).violations.map(({ kind }) => kind);

describe('the checker', () => {
  it.each<[string, () => History]>([
    ['everybody got one message', good],
    ['a no after the message had left', () => goodWithNo(T + 1000)],
    ['a no before it, and nothing sent', () => withheld(goodWithNo(T - 500))],
    [
      'a no that was never answered, and may or may not hold',
      () => {
        const history = withheld(goodWithNo(T - 500));
        return { ...history, optOuts: [], unansweredOptOuts: ['anna'] };
      },
    ],
    [
      'a message of a copy that was withheld',
      () => {
        const history = good();
        const copy = { state: 'WITHHELD', reason: 'already_sent', copy: 1, permitAt: null };
        history.messages.push(row('m3', 'bo', { ...copy, permitCommittedAt: null }));
        history.campaigns[0]!.audience = 3;
        return history;
      },
    ],
    [
      'an unknown whose answer the provider dropped',
      () => {
        const history = good();
        history.messages[1] = row('m2', 'bo', { state: 'UNKNOWN', outcomeCode: 'ECONNRESET' });
        history.provider = [
          ...taken('m1', 1),
          { messageId: 'm2', request: 2, kind: 'request', mode: 'drop', at: T },
        ];
        history.events.pop();
        return history;
      },
    ],
    [
      'an unknown whose worker was killed',
      () => {
        const history = good();
        history.messages[1] = row('m2', 'bo', { state: 'UNKNOWN', outcomeCode: 'no_outcome' });
        history.provider = taken('m1', 1);
        history.events.pop();
        history.faults = [{ kind: 'kill_worker', target: 'worker-0', from: T + 1, to: T + 500 }];
        return history;
      },
    ],
  ])('finds nothing wrong: %s', (_, history) => {
    expect(check(history()).violations).toEqual([]);
  });

  it.each<[string, string, (history: History) => void]>([
    ['lost', 'somebody has no row', (h) => void h.messages.pop()],
    ['lost', 'the run counts more than it has', (h) => (h.campaigns[0]!.audience = 3)],
    ['lost', 'a run never ends', (h) => (h.campaigns[0]!.runState = 'running')],
    ['lost', 'a message stays in flight', (h) => (h.messages[0]!.state = 'HANDED_OVER')],
    ['lost', 'a campaign never got a run', (h) => (h.campaigns[0]!.runState = null)],
    [
      'lost',
      'somebody is kept out without having said no',
      (h) => {
        withheld(h);
      },
    ],
    ['lost', 'the provider has what no row tells of', (h) => h.provider.push(...taken('m9', 2))],
    ['duplicated', 'a message was taken twice', (h) => h.provider.push(...taken('m1', 2))],
    [
      'duplicated',
      'two messages of a campaign reached one address',
      (h) => {
        h.messages.push(row('m3', 'bo', { copy: 1 }));
        h.campaigns[0]!.audience = 3;
        h.provider.push(...taken('m3', 2));
      },
    ],
    ['false_state', 'accepted, and never taken', (h) => (h.provider = taken('m2', 1))],
    ['false_state', 'rejected, and taken', (h) => (h.messages[0]!.state = 'REJECTED')],
    ['false_state', 'withheld, and taken', (h) => (h.messages[0]!.state = 'CANCELLED')],
    [
      'unexplained_unknown',
      'unknown without any fault',
      (h) => {
        h.messages[0]!.state = 'UNKNOWN';
        h.provider = taken('m2', 1);
        h.events.shift();
      },
    ],
    [
      'unexplained_unknown',
      'unknown long after the fault',
      (h) => {
        h.messages[0]!.state = 'UNKNOWN';
        h.provider = taken('m2', 1);
        h.events.shift();
        h.faults = [{ kind: 'kill_worker', target: '', from: T - 90_000, to: T - 80_000 }];
      },
    ],
    [
      'unresolved_unknown',
      'unknown though an event told',
      (h) => {
        h.messages[0]!.state = 'UNKNOWN';
        h.provider = [...taken('m1', 1, { mode: 'accept_then_drop' }), ...taken('m2', 1)];
      },
    ],
    ['event_order', 'a late event downgraded', (h) => (h.messages[0]!.state = 'ACCEPTED')],
    [
      'event_order',
      'a bounce was covered by a copy',
      (h) => h.events.push({ messageId: 'm1', type: 'bounce', at: T + 9 }),
    ],
    ['event_repeated', 'an event is stored twice', (h) => (h.repeatedEvents = 1)],
    ['deadlock', 'Postgres broke a deadlock', (h) => (h.deadlocks = 1)],
  ])('says %s: %s', (kind, _, spoil) => {
    const history = good();
    spoil(history);
    expect(found(history)).toContain(kind);
  });

  it.each<[string, number, (history: History) => void]>([
    ['by the clock of who said it', T - 100, () => undefined],
    [
      'by the commit, though it was decided before',
      T + 5,
      (h) => (h.messages[0]!.permitCommittedAt = T + 40),
    ],
    [
      'by the registry’s entry, though the answer came later',
      T - 100,
      (h) => (h.optOuts[0]!.ackedAt = T + 300),
    ],
    ['by the epoch of its gate alone', T + 1000, (h) => (h.messages[0]!.epoch = 2)],
    [
      'by its arrival at the provider',
      T + 5,
      (h) => {
        for (const record of h.provider) record.at = T + 12_100;
      },
    ],
  ])('sees a permit after a no %s', (_, at, spoil) => {
    const history = goodWithNo(at);
    spoil(history);
    expect(found(history)).toContain('after_opt_out');
  });

  it.each<[string, (history: History) => void]>([
    ['has no entry', (h) => void h.entries.pop()],
    ['does not close the gate', (h) => (h.gates[0]!.noAll = false)],
  ])('sees that an acknowledged no %s', (_, spoil) => {
    const history = goodWithNo(T + 1000);
    spoil(history);
    expect(found(history)).toEqual(['missing_opt_out']);
  });

  it('counts unknowns, their causes, and those that events resolved', () => {
    const history = good();
    history.provider = [
      ...taken('m1', 1, { mode: 'accept_then_hang' }),
      { messageId: 'm2', request: 2, kind: 'request', mode: 'http_503', at: T },
    ];
    history.messages[1] = row('m2', 'bo', { state: 'UNKNOWN', outcomeCode: 'http_503' });
    history.events.pop();
    expect(check(history)).toEqual({
      violations: [],
      messages: 2,
      unknown: 1,
      unknownBecause: { 'provider http_503': 1 },
      resolved: 1,
    });
  });
});
