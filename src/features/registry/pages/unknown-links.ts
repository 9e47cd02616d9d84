import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { TooMany } from '../../../platform/errors';
import { Throttle } from '../throttle';

/** Guesses per caller and minute before the answer becomes "wait". Valid links are never counted (P-09). */
const MOST_UNKNOWN = 60;

/** P-60: a brake on guessing links, one for all pages that are found by one. */
@Injectable()
export class UnknownLinks {
  private readonly guesses = new Throttle(MOST_UNKNOWN, 60_000);

  constructor(private readonly clock: Clock) {}

  /** Throws TooMany `too_many_unknown_links`. */
  count({ ip = '' }: { ip?: string | undefined }): void {
    const wait = this.guesses.take(ip, this.clock.now().getTime());
    if (wait !== null) throw new TooMany('too_many_unknown_links', { retryAfterSeconds: wait });
  }
}
