/** The life of a permit, by `performance.now()`. */
export interface Timing {
  /** No byte of a message is written at or after this; what is left is `not_sent`. */
  startBy: number;
  /** The wait for answers ends at this; what is in flight becomes `unknown`. */
  deadline: number;
}

/**
 * What became of messages. `not_sent`, `rate_limited` and `refused` are proof that the provider does
 * not have it; `unknown` is everything that is not proof, and must never be sent again by itself.
 */
export type Verdict =
  | { kind: 'accepted'; providerId?: string }
  | {
      kind: 'refused';
      code: string;
      /** The provider's words without addresses. */
      detail: string;
      /** False: the messages are not to blame, and a later try may do. */
      permanent: boolean;
      /** Our own credentials are at fault: nothing will pass until somebody mends them. */
      breaker?: true;
      retryAfterSeconds?: number;
    }
  | { kind: 'rate_limited'; retryAfterSeconds: number }
  | { kind: 'not_sent'; code: string }
  | { kind: 'unknown'; code: string };

export type Outcome = { messageId: string } & Verdict;

/** Hands over what has been made ready for it. */
export type HandOver = (timing: Timing) => Promise<Outcome[]>;
