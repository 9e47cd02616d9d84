import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { TooMany } from '../../../platform/errors';
import { networkOf } from '../../accounts/log-in-throttle';
import { Throttle } from '../../registry/throttle';

const HOUR_MS = 3_600_000;
/** A school or an office may share one network. */
const PER_NETWORK = 60;
/** Of one network about one address; what an address gets from all networks is counted by its mails. */
const PER_ADDRESS = 5;

/** A brake on asking for links, in the memory of this process, before anybody is looked up. */
@Injectable()
export class LogInThrottles {
  private readonly networks = new Throttle(PER_NETWORK, HOUR_MS);
  private readonly addresses = new Throttle(PER_ADDRESS, HOUR_MS);

  constructor(private readonly clock: Clock) {}

  /** Throws TooMany, for known and unknown addresses alike. */
  take(ip: string, canonical: string): void {
    const network = networkOf(ip);
    const now = this.clock.now().getTime();
    const seconds =
      this.networks.take(network, now) ?? this.addresses.take(`${network}\0${canonical}`, now);
    if (seconds !== null) throw new TooMany('too_many_log_ins', { retryAfterSeconds: seconds });
  }
}
