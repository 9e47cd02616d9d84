import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { storeClick } from '../contacts/learning/tracking/tracking.queries';
import { ClickCodes } from '../delivery/click-codes';

const CODE = /^[\w-]{8}$/;
const WRITE_AFTER_MS = 500;

/** Postgres: foreign_key_violation. */
const NO_SUCH_CONSENT = '23503';

/** Where a counted link leads, and how often it was followed: per link and hour; by whom only of those who agreed. */
@Injectable()
export class FollowLink implements OnModuleDestroy {
  private readonly log = new Logger('campaigns');
  private counts = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly codes: ClickCodes,
  ) {}

  /** Only addresses that stood in a campaign: this is no open redirect. */
  async to(code: string): Promise<string> {
    const [link] = CODE.test(code)
      ? await this.db.query<{ url: string }>('SELECT url FROM campaign_link WHERE code = $1', [
          code,
        ])
      : [];
    if (!link) throw new NotFound('link_not_found');
    return link.url;
  }

  /** Written with those of the next half second: thousands who click at once make one write, not a queue for a row. */
  count(code: string): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    this.timer ??= setTimeout(() => void this.write(), WRITE_AFTER_MS);
  }

  /** By whom, where they agree to that now. Nobody is kept from where they were going because it cannot be written. */
  async see(code: string, whose: string): Promise<void> {
    const messageIds = this.codes.open(whose);
    if (messageIds.length === 0) return;
    try {
      await storeClick(this.db, messageIds, code);
    } catch (error) {
      // The consent was withdrawn while this click was on its way.
      if ((error as { code?: unknown }).code === NO_SUCH_CONSENT) return;
      this.log.warn(`a click is lost: ${(error as Error).message}`);
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.write();
  }

  /** What cannot be written is lost: the number is told as an approximate one. */
  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const counts = [...this.counts];
    this.counts = new Map();
    if (counts.length === 0) return;
    try {
      await this.db.query(ADD, [counts.map(([code]) => code), counts.map(([, count]) => count)]);
    } catch (error) {
      this.log.warn(`clicks on ${counts.length} links are lost: ${(error as Error).message}`);
    }
  }
}

/** In the order of the codes, as every process takes them. $1 codes · $2 how many more of each */
const ADD = `
INSERT INTO link_clicks (code, hour, count)
SELECT code, date_trunc('hour', clock_timestamp()), count
FROM unnest($1::text[], $2::int[]) AS added(code, count) ORDER BY code
ON CONFLICT (code, hour) DO UPDATE SET count = link_clicks.count + EXCLUDED.count`;
