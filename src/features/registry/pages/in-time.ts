import { Unavailable } from '../../../platform/errors';

/** Longer than any wait for a lock here, and shorter than people and mailbox providers have patience for. */
const PATIENCE_MS = 8_000;

/**
 * The result, or Unavailable when it does not come in time: a database that neither answers nor is gone must not
 * keep somebody who says no before an empty page. What is done later all the same does no harm: a no is idempotent.
 */
export async function inTime<T>(work: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable('no_answer_in_time', { retryAfterSeconds: 60 })),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
