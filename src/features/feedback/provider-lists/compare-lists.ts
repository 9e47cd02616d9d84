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
import { PullList } from './pull-list';

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
    for (const list of due) {
      if (!(await this.steps.pull.run(list, { whole: tonight.has(list), pages }))) return;
      this.unseen.delete(list);
    }
    await this.conclude();
  }

  /** Everything, now. `told` hears of each page: which list, and how many of its entries are read. */
  async everything(told?: (list: ProviderList, entries: number) => void): Promise<Comparison> {
    for (const list of PROVIDER_LISTS) {
      await this.steps.pull.run(list, {
        whole: true,
        pages: { left: Infinity },
        told: (entries) => told?.(list, entries),
      });
      this.unseen.delete(list);
    }
    await this.conclude();
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

  private async conclude(): Promise<void> {
    await this.steps.mirror.again();
    const rows = await this.db.query<ListRow & Record<string, unknown>>(CONCLUDE, [
      this.clock.now(),
    ]);
    let differing = 0;
    for (const { list, missingThere, allowedHere } of rows) {
      this.metrics.listDifference.set({ list, side: 'missing_there' }, missingThere);
      this.metrics.listDifference.set({ list, side: 'allowed_here' }, allowedHere);
      this.metrics.listsCompared.set({ list }, this.clock.now().getTime() / 1000);
      differing += missingThere + allowedHere;
      if (missingThere + allowedHere > 0)
        this.log.error(
          `the provider's list ${list}: ${missingThere} noes are missing there, ${allowedHere} blocked there are allowed here`,
        );
    }
    this.metrics.unhealthy.set({ what: 'provider_lists' }, differing > 0 ? 1 : 0);
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
