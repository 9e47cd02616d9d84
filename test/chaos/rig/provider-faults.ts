import type { Channel } from '../../../src/domain/address';
import type { Dice, Kind } from './nemesis';

type Mode = Record<string, unknown>;

/** Twilio's own numbers: https://www.twilio.com/docs/api/errors */
const TOO_MANY = 20429;
const BROKEN = 20500;
const NO_SUCH_NUMBER = 21211;

/** How the provider misbehaves in its next requests. A few at a time: ten in a row open the breaker. */
export const PROVIDER_FAULTS: Kind[] = [
  modes('provider_timeout_before', 1, () => [{ kind: 'hang' }]),
  modes('provider_timeout_after', 1, () => [{ kind: 'accept_then_hang' }]),
  modes('provider_answer_lost', 3, (dice) => repeat(1 + dice(2), { kind: 'accept_then_drop' })),
  modes('provider_reset', 1, (dice) => repeat(1 + dice(2), { kind: 'drop' })),
  modes('provider_429', 2, (dice, channel) =>
    repeat(1 + dice(3), {
      ...status(429, channel),
      ...(dice(2) === 0 && { retryAfter: String(1 + dice(3)) }),
    }),
  ),
  modes('provider_5xx', 1, (dice, channel) =>
    Array.from({ length: 1 + dice(4) }, () => status([500, 502, 503][dice(3)]!, channel)),
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
          () => crowd.people[dice(crowd.people.length)]!.address,
        );
        // A poisoned batch is divided, so the refusal must stand for the halves too; a text message stands for itself.
        const requests = crowd.channel === 'email' ? 12 : 150;
        return rig.provider.next(...repeat(requests, refusal(addresses, crowd.channel, dice)));
      },
    }),
  },
];

function modes(kind: string, weight: number, next: (dice: Dice, channel: Channel) => Mode[]): Kind {
  return {
    kind,
    weight,
    make: ({ rig, dice, crowd }) => {
      const coming = next(dice, crowd.channel);
      return { target: 'provider', locks: [], run: () => rig.provider.next(...coming) };
    },
  };
}

function status(code: number, channel: Channel): Mode {
  return channel === 'email'
    ? { kind: 'status', status: code }
    : { kind: 'refuse', status: code, code: code === 429 ? TOO_MANY : BROKEN };
}

function refusal(addresses: string[], channel: Channel, dice: Dice): Mode {
  return channel === 'email'
    ? { kind: 'refuse', addresses, naming: dice(2) === 0 }
    : { kind: 'refuse', status: 400, code: NO_SUCH_NUMBER, numbers: addresses };
}

const repeat = (times: number, mode: Mode): Mode[] => Array.from({ length: times }, () => mode);
