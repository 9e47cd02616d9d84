import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import { AddressKeys } from '../contacts/address-keys';
import { ChannelState } from '../delivery/channel-state';
import { LinkTokens } from '../registry/link-tokens';

const PATIENCE_MS = 10_000;

/** A failed check holds all sending; the next good one does not release it: a person looks first. */
@Injectable()
export class CheckConsequences {
  constructor(
    private readonly channels: ChannelState,
    private readonly metrics: Metrics,
  ) {}

  async of(fault: string | null): Promise<void> {
    this.metrics.unhealthy.set({ what: 'opt_out_page' }, fault ? 1 : 0);
    if (fault) await this.channels.hold('email', 'opt_out_page');
  }
}

/**
 * An invented recipient (an address that cannot exist) leaves by the real page, as the whole world sees it:
 * GET, POST, and a look into the registry. When that fails nobody may be written to, since nobody could say no.
 */
@Injectable()
export class CheckOptOutPath {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly links: LinkTokens,
    private readonly consequences: CheckConsequences,
  ) {}

  async run(): Promise<boolean> {
    const fault = await this.leave().catch((error: Error) => error.message);
    await this.consequences.of(fault);
    if (fault) this.log.error(`the opt-out page does not work: ${fault}`);
    return fault === null;
  }

  /** What is wrong, or null. */
  private async leave(): Promise<string | null> {
    const name = randomBytes(8).toString('hex');
    const { key } = this.keys.keysOf('email', `kontroll-${name}@utskick.invalid`)[0]!;
    const token = randomBytes(16).toString('base64url');
    const hash = this.links.hash(token);
    await this.links.store(this.db, [
      { hash, class: 'message', channel: 'email', addressKey: key },
    ]);
    const url = this.env.link(`/u/${token}`);
    const options = { redirect: 'manual' as const, signal: AbortSignal.timeout(PATIENCE_MS) };
    const page = await fetch(url, options);
    if (page.status !== 200) return `GET answered ${page.status}`;
    if (await this.hasSaidNo(key)) return 'GET changed something';
    const posted = await fetch(url, { ...options, method: 'POST' });
    if (posted.status !== 200) return `POST answered ${posted.status}`;
    return (await this.hasSaidNo(key)) ? null : 'POST answered 200 but the registry has no entry';
  }

  private async hasSaidNo(key: Buffer): Promise<boolean> {
    const rows = await this.db.query(`SELECT 1 FROM gate WHERE address_key = $1 AND no_all`, [key]);
    return rows.length === 1;
  }
}
