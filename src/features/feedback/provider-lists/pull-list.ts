import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import {
  SendGridLists,
  type Listed,
  type ProviderList,
  type Stretch,
} from '../../channels/email/sendgrid/sendgrid-lists';
import { ADVANCE, BEGIN, FINISH, LISTS, type ListRow } from './compare.queries';
import { RecordListed } from './record-listed';

const DAY_MS = 24 * 3600_000;
/** Tries of one page; what takes longer waits for the next turn. */
const TRIES = 3;
const LONGEST_WAIT_SECONDS = 10;

export interface Reading {
  /** All of it, and not only what is new since the last time. */
  whole: boolean;
  /** Pages that may still be read; it goes on from there another time. */
  pages: { left: number };
  /** Hears how far it is. */
  told?: (entries: number) => void;
}

/** Reads a list page by page; a reading that breaks off goes on where it was. */
@Injectable()
export class PullList {
  constructor(
    private readonly db: Database,
    @Inject(SendGridLists) private readonly lists: SendGridLists | null,
    private readonly record: RecordListed,
    private readonly clock: Clock,
  ) {}

  /** True once the list is read to its end. */
  async run(list: ProviderList, { whole, pages, told }: Reading): Promise<boolean> {
    const { since, begunAt, nextOffset, added } = await this.open(list, whole);
    let news = added;
    for (let offset = nextOffset; pages.left > 0; pages.left -= 1) {
      const entries = await this.page(list, { since, until: begunAt, offset });
      // A short page may be the provider's own limit: only an empty one is the end.
      if (entries.length === 0) {
        await this.db.query(FINISH, [list, begunAt, this.clock.now()]);
        return true;
      }
      news += await this.record.run(list, entries);
      offset += entries.length;
      await this.db.query(ADVANCE, [list, begunAt, offset, news]);
      told?.(offset);
    }
    return false;
  }

  private async open(list: ProviderList, whole: boolean): Promise<ListRow> {
    const rows = await this.db.query<ListRow & Record<string, unknown>>(LISTS);
    const row = rows.find((one) => one.list === list);
    const now = this.clock.now();
    const underWay = row && !row.finishedAt && now.getTime() - row.begunAt.getTime() < DAY_MS;
    if (underWay && (!whole || !row.since)) return row;
    // A day further back than the last time: the provider's clock is not ours.
    const since = whole || !row?.wholeAt ? null : new Date(row.begunAt.getTime() - DAY_MS);
    const [begun] = await this.db.query<ListRow & Record<string, unknown>>(BEGIN, [
      list,
      since,
      now,
    ]);
    return begun!;
  }

  private async page(list: ProviderList, stretch: Stretch): Promise<Listed[]> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.lists!.page(list, stretch);
      if (answer.kind === 'done') return answer.value;
      const seconds = answer.kind === 'later' ? (answer.retryAfterSeconds ?? 1) : Infinity;
      if (tries === TRIES || seconds > LONGEST_WAIT_SECONDS)
        throw new Error(`the provider's list ${list} cannot be read: ${answer.code}`);
      await pause(seconds * 1000);
    }
  }
}
