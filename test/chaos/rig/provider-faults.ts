import type { Kind } from './nemesis';

/** How the provider misbehaves in its next requests. A few at a time: ten in a row open the breaker. */
export const PROVIDER_FAULTS: Kind[] = [
  modes('provider_timeout_before', 1, () => [{ kind: 'hang' }]),
  modes('provider_timeout_after', 1, () => [{ kind: 'accept_then_hang' }]),
  modes('provider_answer_lost', 3, (dice) => repeat(1 + dice(2), { kind: 'accept_then_drop' })),
  modes('provider_reset', 1, (dice) => repeat(1 + dice(2), { kind: 'drop' })),
  modes('provider_429', 2, (dice) =>
    repeat(1 + dice(3), {
      kind: 'status',
      status: 429,
      ...(dice(2) === 0 && { retryAfter: String(1 + dice(3)) }),
    }),
  ),
  modes('provider_5xx', 1, (dice) =>
    Array.from({ length: 1 + dice(4) }, () => ({
      kind: 'status',
      status: [500, 502, 503][dice(3)],
    })),
  ),
  modes('provider_slow', 1, (dice) => [{ kind: 'accept', delayMs: dice(2) ? 9_900 : 10_100 }]),
  modes('provider_late', 1, (dice) => [{ kind: 'late', delayMs: dice(2) ? 9_900 : 13_000 }]),
  modes('provider_trickle', 1, () => [{ kind: 'trickle', everyMs: 300 }]),
  modes('provider_unreadable', 1, (dice) => repeat(1 + dice(2), { kind: 'unreadable' })),
  {
    kind: 'provider_poison',
    weight: 1,
    make: ({ rig, dice, crowd }) => ({
      target: 'provider',
      locks: [],
      run: () => {
        const addresses = Array.from(
          { length: Math.ceil(crowd.people.length / 50) },
          () => crowd.people[dice(crowd.people.length)]!.email,
        );
        const mode = { kind: 'refuse', addresses, naming: dice(2) === 0 };
        // A poisoned batch is divided, so the refusal must stand for the halves too.
        return rig.provider.next(...repeat(12, mode));
      },
    }),
  },
];

function modes(kind: string, weight: number, next: (dice: (sides: number) => number) => object[]) {
  return {
    kind,
    weight,
    make: ({ rig, dice }) => {
      const coming = next(dice);
      return { target: 'provider', locks: [], run: () => rig.provider.next(...coming) };
    },
  } satisfies Kind;
}

const repeat = (times: number, mode: object): object[] => Array.from({ length: times }, () => mode);
