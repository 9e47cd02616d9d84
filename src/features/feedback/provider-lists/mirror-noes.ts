import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { bytesArray } from '../../../platform/database/arrays';
import { Database } from '../../../platform/database/database';
import { Metrics } from '../../../platform/operations/metrics';
import { MOST_BLOCKED, SendGridLists } from '../../channels/email/sendgrid/sendgrid-lists';
import {
  COLLECT_MISSING,
  COLLECT_NEW,
  DONE,
  DROP_MOOT,
  LOCK_MARK,
  MAKE_MARK,
  MOVE_MARK,
  NEXT_STRETCH,
  OUTBOX_STATE,
  TAKE_DUE,
  TRY_LATER,
  type OutboxState,
  type Waiting,
} from './mirror.queries';

/** Ledger entries that one statement looks at. */
const STRETCH = 10_000;
/** Stretches in one turn; a long ledger is caught up with in several. */
const MOST_STRETCHES = 20;
/** Requests in one turn; what is left goes with the next one. */
const MOST_REQUESTS = 64;
/** The longest pause between two tries: a provider that is back soon knows everything. */
const LONGEST_PAUSE_SECONDS = 300;
/** An address that the provider refuses by itself. */
const REFUSED_PAUSE_SECONDS = 6 * 3600;
/** P-33. */
const LATE_SECONDS = 300;

/**
 * Each no against all marketing also reaches the list of the provider's marketing subuser, as a second net (P-33). By
 * an outbox: the no itself waits for nobody. What is there already is never taken away again.
 */
@Injectable()
export class MirrorNoes {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly db: Database,
    @Inject(SendGridLists) private readonly lists: SendGridLists | null,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** The timer's: what is new in the ledger. */
  async run(): Promise<void> {
    if (!this.lists) return;
    for (let left = MOST_STRETCHES; left > 0 && (await this.collectStretch());) left -= 1;
    await this.handOver();
  }

  /** What a comparison finds missing at the provider. */
  async again(): Promise<void> {
    await this.db.query(COLLECT_MISSING, [this.clock.now()]);
    await this.handOver();
  }

  async state(): Promise<OutboxState> {
    const [state] = await this.db.query<OutboxState & Record<string, unknown>>(OUTBOX_STATE);
    return state!;
  }

  /** By sealed positions, which have no gaps and never change: no no can commit behind the mark. */
  private collectStretch(): Promise<boolean> {
    return this.db.tx(async (tx) => {
      await tx.query(MAKE_MARK);
      const [mark] = await tx.query<{ position: number }>(LOCK_MARK);
      const after = mark!.position;
      const [stretch] = await tx.query<{ until: number | null }>(NEXT_STRETCH, [after, STRETCH]);
      const until = stretch?.until ?? null;
      if (until === null) return false;
      await tx.query(COLLECT_NEW, [after, until, this.clock.now()]);
      await tx.query(MOVE_MARK, [until]);
      return true;
    });
  }

  private async handOver(): Promise<void> {
    await this.db.query(DROP_MOOT);
    for (let left = MOST_REQUESTS; left > 0;) {
      const due = await this.db.query<Waiting & Record<string, unknown>>(TAKE_DUE, [
        this.clock.now(),
        MOST_BLOCKED,
      ]);
      if (due.length === 0) break;
      left = await this.block(due, left);
    }
    await this.watch();
  }

  /** Returns how many requests are left; a request refused as a whole is divided, as one address may be to blame. */
  private async block(waiting: Waiting[], left: number): Promise<number> {
    if (left === 0) return 0;
    const answer = await this.lists!.block(waiting.map(({ email }) => email));
    const keys = bytesArray(waiting.map(({ key }) => key));
    const now = this.clock.now();
    if (answer.kind === 'done') {
      await this.db.query(DONE, [keys, now]);
      return left - 1;
    }
    if (answer.kind === 'refused' && answer.code === '400' && waiting.length > 1) {
      const middle = Math.ceil(waiting.length / 2);
      const rest = await this.block(waiting.slice(0, middle), left - 1);
      return this.block(waiting.slice(middle), rest);
    }
    const alone = answer.kind === 'refused' && answer.code === '400';
    const asked = answer.kind === 'later' ? answer.retryAfterSeconds : null;
    await this.db.query(TRY_LATER, [
      keys,
      now,
      alone ? REFUSED_PAUSE_SECONDS : asked,
      LONGEST_PAUSE_SECONDS,
    ]);
    this.log.warn(`the provider's list did not take ${waiting.length} noes yet: ${answer.code}`);
    // What holds for one request holds for the next; a single address that is refused says nothing of the others.
    return alone ? left - 1 : 0;
  }

  private async watch(): Promise<void> {
    const { waiting, oldestAt } = await this.state();
    const age = oldestAt ? (this.clock.now().getTime() - oldestAt.getTime()) / 1000 : 0;
    this.metrics.listOutbox.set(waiting);
    this.metrics.listOutboxAge.set(age);
    this.metrics.unhealthy.set({ what: 'list_outbox' }, age > LATE_SECONDS ? 1 : 0);
    if (age > LATE_SECONDS)
      this.log.error(
        `${waiting} noes wait for the provider's list, the oldest for ${Math.round(age)} s`,
      );
  }
}
