import {
  MESSAGE_STATES,
  bucketOf,
  saysNeverSent,
  type Move,
} from '../../../src/domain/message-state';
import { PRODUCT } from './rules';
import { AS_BUILT, type Variant } from './variant';

export interface Mutant {
  /** What a sender was seen to do elsewhere. */
  does: string;
  variant: Variant;
  /** The promises that break, each on its own. */
  breaks: string[];
}

/** The product with more legal moves than it has. */
export const withMoves = (...moves: Move[]): Variant => ({
  ...AS_BUILT,
  rules: { ...PRODUCT, moves: [...PRODUCT.moves, ...moves] },
});

export const withoutMoves = (from: string, by: string): Variant => ({
  ...AS_BUILT,
  rules: {
    ...PRODUCT,
    moves: PRODUCT.moves.filter((move) => move.from !== from || move.by !== by),
  },
});

export const MUTANTS: readonly Mutant[] = [
  {
    does: 'asks for the no without a lock, then sends',
    variant: { ...AS_BUILT, checkWithoutLock: true },
    breaks: ['G1'],
  },
  {
    does: 'tries again after a timeout',
    variant: {
      ...AS_BUILT,
      rules: { ...PRODUCT, rowStates: { ...PRODUCT.rowStates, unknown: ['RETRY_WAIT'] } },
    },
    breaks: ['G4', 'G6'],
  },
  {
    does: 'gives what a silent worker had handed over to the next one',
    variant: withMoves({ from: 'HANDED_OVER', to: 'PLANNED', by: 'lease_expired' }),
    breaks: ['G4', 'G6'],
  },
  {
    does: 'removes the stale claim of a dead worker with what was under it',
    variant: { ...AS_BUILT, reaperDropsClaims: true },
    breaks: ['G5'],
  },
  {
    does: 'lets the HTTP client repeat a request that got no answer',
    variant: { ...AS_BUILT, httpRetry: true },
    breaks: ['G4'],
  },
  {
    does: 'reads the state of a message without claiming it',
    variant: { ...AS_BUILT, claim: false },
    breaks: ['G4', 'G1'],
  },
  {
    does: 'counts a batch as done when it is fetched',
    variant: { ...AS_BUILT, checkpointAtFetch: true },
    breaks: ['G5'],
  },
  {
    does: 'starts the permit’s two seconds with the answer to COMMIT',
    variant: { ...AS_BUILT, clockFromTheAnswer: true },
    breaks: ['G2'],
  },
  {
    does: 'gives back without waiting for a COMMIT that is on its way',
    variant: { ...AS_BUILT, giveBackMissesCommit: true },
    breaks: ['G5'],
  },
  {
    does: 'ends a lease by what it saw before it waited for a permit',
    variant: { ...AS_BUILT, reaperLooksBeforeItWaits: true },
    breaks: ['G5'],
  },
];

const CAUSES = ['lease_expired', 'deadline', 'due', 'silence', 'cancel'] as const;
/** The provider has the message, or may have it. */
const MAY_BE_THERE = MESSAGE_STATES.filter((state) =>
  ['in_flight', 'unknown', 'accepted'].includes(bucketOf(state)),
);
const NEVER_SENT = MESSAGE_STATES.filter(saysNeverSent);
const ACCEPTED = MESSAGE_STATES.filter((state) => bucketOf(state) === 'accepted');
const NOT_KNOWN_ACCEPTED = MESSAGE_STATES.filter(
  (state) => bucketOf(state) !== 'accepted' && state !== 'CLAIMED',
);

/** Every move from "it may be there" to "it never left", and to "it is there" by mere time, that the product does not have. */
export const FORBIDDEN_MOVES: readonly Move[] = [
  ...pairs(MAY_BE_THERE, NEVER_SENT),
  ...pairs(NOT_KNOWN_ACCEPTED, ACCEPTED),
].filter(
  (move) =>
    !PRODUCT.moves.some(
      ({ from, to, by }) => from === move.from && to === move.to && by === move.by,
    ),
);

function pairs(froms: readonly Move['from'][], tos: readonly Move['to'][]): Move[] {
  return froms.flatMap((from) => tos.flatMap((to) => CAUSES.map((by) => ({ from, to, by }))));
}
