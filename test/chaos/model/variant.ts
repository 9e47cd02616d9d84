import { PRODUCT, type Rules } from './rules';

/** The product, or a worse one. */
export interface Variant {
  rules: Rules;
  /** The permit is a compare-and-set under a claim. */
  claim: boolean;
  checkWithoutLock: boolean;
  httpRetry: boolean;
  reaperDropsClaims: boolean;
  checkpointAtFetch: boolean;
  /** The two seconds run from the answer to COMMIT, not from before BEGIN. */
  clockFromTheAnswer: boolean;
  /** Giving back does not wait for a COMMIT that is still on its way. */
  giveBackMissesCommit: boolean;
  /** The reaper asks what is in flight before it waits for a permit that is under way. */
  reaperLooksBeforeItWaits: boolean;
  /** The process can be stopped between its look at the clock and the first byte. */
  frozenAtTheSocket: boolean;
}

export const AS_BUILT: Variant = {
  rules: PRODUCT,
  claim: true,
  checkWithoutLock: false,
  httpRetry: false,
  reaperDropsClaims: false,
  checkpointAtFetch: false,
  clockFromTheAnswer: false,
  giveBackMissesCommit: false,
  reaperLooksBeforeItWaits: false,
  frozenAtTheSocket: false,
};
