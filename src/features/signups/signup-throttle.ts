import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Clock } from '../../platform/clock';
import { Secrets } from '../../platform/config/secrets';
import { TooMany } from '../../platform/errors';
import { Throttle } from '../registry/throttle';

/** An office or a school may share one address; a person signs up once or twice. */
const PER_HOUR = 30;
const HOUR_MS = 3600_000;

/**
 * Sign-ups per calling address: a first brake, in the memory of this process. What protects people (per
 * mailbox, per domain, in all) is counted in the database. Addresses are kept as keyed hashes only.
 */
@Injectable()
export class SignupThrottle {
  private readonly calls = new Throttle(PER_HOUR, HOUR_MS);

  constructor(
    private readonly clock: Clock,
    private readonly secrets: Secrets,
  ) {}

  /** Throws TooMany when this caller has had its share. */
  take(ip: string): void {
    const caller = createHmac('sha256', this.secrets.session)
      .update(`signup:${ip}`)
      .digest('base64');
    const wait = this.calls.take(caller, this.clock.now().getTime());
    if (wait !== null) throw new TooMany('too_many_signups', { retryAfterSeconds: wait });
  }
}
