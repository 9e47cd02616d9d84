import type { ProviderEvent } from '../../../src/domain/message-state';
import { type HandOverOutcome, stateAfter } from '../../../src/domain/outcome';
import { toRow } from '../../../src/features/delivery/outcome-rows';
import { type Exploration, explore, readable, type Search } from './explore';
import type { Size } from './fields';
import { FORBIDDEN_MOVES, MUTANTS, withMoves, withoutMoves } from './mutants';
import { OptOutModel } from './opt-out-model';
import { AS_BUILT, type Variant } from './variant';

const ALL_EVENTS: ProviderEvent[] = ['processed', 'delivered', 'expired', 'dropped', 'bounce'];

/** One person's message, everything that can happen to it. */
const one = (workers: number): Size => ({
  batches: [0],
  leaving: [true],
  workers,
  events: ALL_EVENTS,
  silence: true,
});

/** Two messages: what becomes of an accepted one is in the sizes above, and does not touch the other. */
const two = (batches: number[], leaving: boolean[]): Size => ({
  batches,
  leaving,
  workers: 2,
  symmetric: true,
  events: ['processed'],
  silence: false,
});

const run = (size: Size, variant: Variant, search?: Search): Exploration =>
  explore(new OptOutModel(size, variant), search);

/** For the assertion's message: the shortest way to the fault, one step a line. */
const fault = ({ violation }: Exploration): string => (violation ? readable(violation) : 'none');

describe('every state that messages, workers, provider, a no and a reaper can come to', () => {
  it.each<[string, Size]>([
    ['one message and three workers', { ...one(3), symmetric: true }],
    ['two people in one batch, one of whom says no, and two workers', two([0, 0], [true, false])],
    ['two messages to one person in two batches, and two workers', two([0, 1], [true, true])],
  ])('keeps G1 to G6 with %s', (name, size) => {
    const found = run(size, AS_BUILT);
    console.log(
      `${name}: ${found.states} states, ${found.steps} steps, ${found.seconds.toFixed(1)} s`,
    );
    expect(fault(found)).toBe('none');
    expect(found.states).toBeGreaterThan(40_000);
    // Inherent, and said on the opt-out page: what is on the wire may be taken when we wait for it no more.
    expect(found.limits.map(({ promise }) => promise)).toEqual([
      'a request on the wire may still be taken after the drain',
    ]);
  });

  it('leads on to an end from each of them: nothing is ever stuck', () => {
    expect(fault(run(one(2), AS_BUILT, { endings: true }))).toBe('none');
  });

  it('names workers or not, and finds the same', () => {
    expect(fault(run({ ...one(2), symmetric: true }, AS_BUILT))).toBe('none');
    expect(fault(run(one(2), AS_BUILT))).toBe('none');
  });
});

describe('a worse product is caught', () => {
  const cases = MUTANTS.flatMap(({ does, variant, breaks }) =>
    breaks.map((promise) => [does, promise, variant] as const),
  );

  it.each(cases)('which %s: %s', (does, promise, variant) => {
    const { violation, states } = run(one(2), variant, { promise });
    expect(violation?.promise).toMatch(new RegExp(`^${promise} `));
    console.log(`${does} (${states} states)\n${readable(violation!)}`);
  });

  it('and the shortest way to the fault is told step by step', () => {
    const { violation } = run(one(1), withMoves({ from: 'UNKNOWN', to: 'PLANNED', by: 'due' }), {
      promise: 'G4',
    });
    const lines = readable(violation!).split('\n');
    expect(lines[0]).toMatch(/^G4 the provider took a message twice, in \d+ steps:$/);
    expect(lines[1]).toBe('  1. worker 1 claims a batch');
    expect(lines[2]).toContain('message 1 PLANNED · batch 1 claimed of worker 1');
    expect(lines.at(-1)).toContain('taken 2×');
  });
});

describe('the model is made from the product’s own constants', () => {
  it(`breaks a promise with any of the ${FORBIDDEN_MOVES.length} moves that the product must not have`, () => {
    const unseen = FORBIDDEN_MOVES.filter(
      (move) => run(one(1), withMoves(move)).violation === null,
    ).map(({ from, to, by }) => `${from} → ${to} by ${by}`);
    expect(FORBIDDEN_MOVES.length).toBeGreaterThan(300);
    expect(unseen).toEqual([]);
  });

  it.each([
    ['a claim', { from: 'UNKNOWN', to: 'CLAIMED', by: 'claim' }],
    ['a permit', { from: 'UNKNOWN', to: 'HANDED_OVER', by: 'permit' }],
  ] as const)('breaks G4 when %s may be had for what is UNKNOWN', (_, move) => {
    // Another message keeps the batch open, or nobody would ever look at this one again.
    const size = { ...two([0, 0], [true, false]), workers: 1 };
    expect(run(size, withMoves(move), { promise: 'G4' }).violation).not.toBeNull();
  });

  it('sees a message stuck when nothing ends a hand-over whose worker died', () => {
    const found = run(one(1), withoutMoves('HANDED_OVER', 'deadline'), { endings: true });
    expect(fault(found)).toContain('stuck');
  });

  it('knows the same outcomes as the rules that classify an answer', () => {
    const outcomes: [HandOverOutcome, Parameters<typeof toRow>[0]][] = [
      [{ kind: 'accepted' }, { messageId: '', kind: 'accepted' }],
      [
        { kind: 'not_sent', code: 'ECONNREFUSED' },
        { messageId: '', kind: 'not_sent', code: 'ECONNREFUSED' },
      ],
      [
        { kind: 'rate_limited', retryAfterSeconds: 1 },
        { messageId: '', kind: 'rate_limited', retryAfterSeconds: 1 },
      ],
      [
        { kind: 'unknown', code: 'ECONNRESET' },
        { messageId: '', kind: 'unknown', code: 'ECONNRESET' },
      ],
    ];
    for (const [outcome, verdict] of outcomes) {
      expect(toRow(verdict, 1).state).toBe(stateAfter(outcome));
    }
  });
});

describe('what no sender can promise', () => {
  it('shows: a process stopped between its look at the clock and the first byte breaks G2', () => {
    const frozen = { ...AS_BUILT, frozenAtTheSocket: true };
    const { violation } = run(one(1), frozen, { promise: 'G2' });
    expect(violation?.trace.at(-1)).toContain('writes, after being frozen');
    // That is all it breaks.
    for (const promise of ['G1', 'G4', 'G5', 'G6']) {
      expect(fault(run(one(2), frozen, { promise }))).toBe('none');
    }
  });
});
