import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import { Metrics } from '../../../platform/operations/metrics';
import {
  PROVIDER_LISTS,
  SendGridLists,
  type ProviderList,
} from '../../channels/email/sendgrid/sendgrid-lists';
import { CONCLUDE, DUE_THIS_NIGHT, LISTS, type ListRow } from './compare.queries';
import { MirrorNoes } from './mirror-noes';
import type { OutboxState } from './mirror.queries';
import { PullList, type Reading } from './pull-list';

/** Pages that one turn reads (500 entries each); a stop waits for no more than these. */
const PAGES_OF_A_TURN = 40;

export interface Comparison {
  /** The oldest of the lists' own; null: never yet. */
  comparedAt: Date | null;
  items: ListRow[];
  outbox: OutboxState;
}

@Injectable()
export class ComparisonSteps {
  constructor(
    readonly pull: PullList,
    readonly mirror: MirrorNoes,
  ) {}
}

/**
 * Our registry beside the provider's lists (P-38): what they know and we do not is added here, what we know and they
 * do not is handed over again, and nothing is taken away on either side. What then still differs is shown.
 */
@Injectable()
export class CompareLists {
  private readonly log = new Logger('feedback');
  /** Not looked at since this process began. */
  private readonly unseen = new Set<ProviderList>(PROVIDER_LISTS);

  constructor(
    private readonly db: Database,
    @Inject(SendGridLists) private readonly lists: SendGridLists | null,
    private readonly steps: ComparisonSteps,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Whether there are lists at all. */
  get possible(): boolean {
    return this.lists !== null;
  }

  /** The timer's: whole lists once a night, what is new when the process begins, and what broke off. */
  async turn(): Promise<void> {
    if (!this.lists) return;
    const tonight = await this.dueTonight();
    const brokenOff = (await this.rows()).filter(({ finishedAt }) => !finishedAt);
    const due = PROVIDER_LISTS.filter(
      (list) =>
        tonight.has(list) || this.unseen.has(list) || brokenOff.some((row) => row.list === list),
    );
    if (due.length === 0) return;
    const pages = { left: PAGES_OF_A_TURN };
    const { unread, fault } = await this.read(due, (list) => ({ whole: tonight.has(list), pages }));
    // A list that stays unreadable is no reason to count again every minute.
    if (unread.length < due.length) await this.conclude(unread);
    if (fault) throw fault;
  }

  /** Everything, now. `told` hears of each page: which list, and how many of its entries are read. */
  async everything(told?: (list: ProviderList, entries: number) => void): Promise<Comparison> {
    const { unread, fault } = await this.read(PROVIDER_LISTS, (list) => ({
      whole: true,
      pages: { left: Infinity },
      told: (entries) => told?.(list, entries),
    }));
    await this.conclude(unread);
    if (fault) throw fault;
    return this.last();
  }

  async last(): Promise<Comparison> {
    const items = await this.rows();
    const times = items.map(({ comparedAt }) => comparedAt?.getTime() ?? 0);
    const oldest = times.length === PROVIDER_LISTS.length ? Math.min(...times) : 0;
    return {
      comparedAt: oldest > 0 ? new Date(oldest) : null,
      items,
      outbox: await this.steps.mirror.state(),
    };
  }

  /** A list that cannot be read keeps no other from being read: `fault` is the first one's. */
  private async read(
    lists: readonly ProviderList[],
    how: (list: ProviderList) => Reading,
  ): Promise<{ unread: ProviderList[]; fault: unknown }> {
    const unread: ProviderList[] = [];
    let fault: unknown = null;
    for (const list of lists) {
      try {
        if (await this.steps.pull.run(list, how(list))) this.unseen.delete(list);
        else unread.push(list);
      } catch (cause) {
        fault ??= cause;
        unread.push(list);
      }
    }
    return { unread, fault };
  }

  /** `unread`: lists that were not read to their end, of which nothing is said. */
  private async conclude(unread: readonly ProviderList[]): Promise<void> {
    if (!unread.includes('unsubscribes')) await this.steps.mirror.again();
    const compared = await this.db.query<ListRow & Record<string, unknown>>(CONCLUDE, [
      this.clock.now(),
      unread,
    ]);
    for (const { list, missingThere, allowedHere } of compared) {
      this.metrics.listDifference.set({ list, side: 'missing_there' }, missingThere);
      this.metrics.listDifference.set({ list, side: 'allowed_here' }, allowedHere);
      this.metrics.listsCompared.set({ list }, this.clock.now().getTime() / 1000);
      if (missingThere + allowedHere > 0)
        this.log.error(
          `the provider's list ${list}: ${missingThere} noes are missing there, ${allowedHere} blocked there are allowed here`,
        );
    }
    const differs = (await this.rows()).some((row) => row.missingThere + row.allowedHere > 0);
    this.metrics.unhealthy.set({ what: 'provider_lists' }, differs ? 1 : 0);
  }

  private rows(): Promise<ListRow[]> {
    return this.db.query<ListRow & Record<string, unknown>>(LISTS);
  }

  private async dueTonight(): Promise<Set<string>> {
    const rows = await this.db.query<{ name: string }>(DUE_THIS_NIGHT, [
      this.clock.now(),
      PROVIDER_LISTS,
    ]);
    return new Set(rows.map(({ name }) => name));
  }
}
