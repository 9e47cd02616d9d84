import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Secrets } from '../../platform/config/secrets';
import { Database } from '../../platform/database/database';
import { TooMany } from '../../platform/errors';

export const WINDOW_MS = 60 * 60_000;
const FREE_TRIES = 5;
const FREE_TRIES_UNDER_ATTACK = 1;
/** So many failures on one account within the window, wherever from, is an attack on it. */
const ATTACK = 50;
const FREE_TRIES_OF_NETWORK = 30;

export interface Attempt {
  ids: number[];
  pair: Buffer;
}

interface Count {
  key: Buffer;
  failures: number;
  last: Date;
}

/**
 * Slows guessing down by account and network together, and by network. Nothing is refused by account
 * alone: whoever attacks an account must not be able to lock its owner out. On an account under attack each
 * network has one free try instead of five, so that spread guessing is slow as well.
 */
@Injectable()
export class LogInThrottle {
  constructor(
    private readonly db: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts a try as failed before it is made, one at a time per network, so that a burst of parallel
   * tries cannot slip past the count. Throws `TooMany` with the seconds to wait.
   */
  async begin(account: string, ip: string): Promise<Attempt> {
    const network = networkOf(ip);
    const byNetwork = this.key('network', network);
    const byAccount = this.key('account', account);
    const pair = this.key('pair', `${account}\0${network}`);
    const now = this.clock.now();
    return this.db.tx(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [byNetwork.readBigInt64BE().toString()]);
      const keys = [pair, byNetwork, byAccount];
      const counts = await tx.query<Count>(
        `SELECT key, count(*) AS failures, max(at) AS last FROM login_failure
         WHERE key = ANY($1) AND at > $2 GROUP BY key`,
        [keys, new Date(now.getTime() - WINDOW_MS)],
      );
      const of = (key: Buffer) => counts.find((count) => count.key.equals(key));
      const underAttack = (of(byAccount)?.failures ?? 0) >= ATTACK;
      const free = underAttack ? FREE_TRIES_UNDER_ATTACK : FREE_TRIES;
      const seconds = Math.max(
        waitSeconds(of(pair), free, 900, now),
        waitSeconds(of(byNetwork), FREE_TRIES_OF_NETWORK, 60, now),
      );
      if (seconds > 0) throw new TooMany('too_many_log_ins', { retryAfterSeconds: seconds });
      const rows = await tx.query<{ id: number }>(
        'INSERT INTO login_failure (key, at) SELECT unnest($1::bytea[]), $2 RETURNING id',
        [keys, now],
      );
      return { ids: rows.map(({ id }) => id), pair };
    });
  }

  /** The try was right: it and the earlier slips of the same person at the same place are forgotten. */
  async forgive(attempt: Attempt): Promise<void> {
    await this.db.query('DELETE FROM login_failure WHERE id = ANY($1) OR key = $2', [
      attempt.ids,
      attempt.pair,
    ]);
  }

  private key(kind: string, value: string): Buffer {
    return createHmac('sha256', this.secrets.session).update(`log-in:${kind}:${value}`).digest();
  }
}

/** 5, 10, 20 … seconds after the last failure, up to `most`. */
function waitSeconds(count: Count | undefined, free: number, most: number, now: Date): number {
  if (!count || count.failures < free) return 0;
  const wait = Math.min(most, 5 * 2 ** (count.failures - free));
  return Math.max(0, Math.ceil(wait - (now.getTime() - count.last.getTime()) / 1000));
}

/** An IPv6 subscriber commands a whole /64, so that is what counts as one caller. */
export function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return groups.map((group) => parseInt(group, 16).toString(16)).join(':');
}
