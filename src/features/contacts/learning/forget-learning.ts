import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import { SYSTEM } from '../../../platform/http/actor';
import {
  followMerges,
  forgetAll,
  forgetLate,
  forgetOldClicks,
  forgetOldEvents,
  forgetOldOffers,
  forgetOldValues,
  type Forgotten,
} from './forget.queries';

const MINUTE = 60_000;
/** Longer than any transaction that stores. */
const LATE = 15 * MINUTE;
const SLICE = 5_000;

/** What learners did and what is kept of people goes when its time is out, or its ground. */
@Injectable()
export class ForgetLearning {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** For a timer: what came in at the same moment as a no, a merge or an erasure. */
  async sweep(): Promise<void> {
    const since = new Date(this.clock.now().getTime() - LATE);
    await followMerges(this.db, since);
    await this.told('learning.objected', await forgetLate(this.db, since));
  }

  /** For a timer: three years after they came, R-09 after one; and all that a no forbids. */
  async retain(): Promise<void> {
    const now = this.clock.now();
    await this.told('learning.objected', await forgetAll(this.db));
    const events = await inSlices((limit) => forgetOldEvents(this.db, now, limit));
    const values = await inSlices((limit) => forgetOldValues(this.db, now, limit));
    const offers = await inSlices((limit) => forgetOldOffers(this.db, now, limit));
    await inSlices((limit) => forgetOldClicks(this.db, now, limit));
    await this.told('learning.expired', { events, values, offers });
  }

  private async told(action: string, forgotten: Forgotten): Promise<void> {
    if (forgotten.events + forgotten.values + forgotten.offers === 0) return;
    const subject = { type: 'learning', id: null };
    await this.audit.record(this.db, SYSTEM, action, subject, { ...forgotten });
  }
}

async function inSlices(remove: (limit: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const removed = await remove(SLICE);
    sum += removed;
    if (removed < SLICE) return sum;
  }
}
