import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 10;
const PAUSE_MS = 1_000;

/** Tries a write again each second, so that a short absence of the database costs no more than it lasts. */
export async function untilWritten(
  write: () => Promise<unknown>,
  onFailure: (error: Error) => void = () => undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      onFailure(error as Error);
      await sleep(PAUSE_MS);
    }
  }
}
