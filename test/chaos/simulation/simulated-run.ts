import { Dispatches } from '../../../src/features/delivery/dispatches';
import { SettleSilence } from '../../../src/features/delivery/settle-silence';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { timePasses } from '../../setup/passing-time';
import type { Act, Answer, Fault, HandOver } from './acts';
import { castOf, clear, type Cast } from './cast';
import { CheckRun, messagesOf, type MessageNow } from './check-run';
import { Knowledge } from './knowledge';
import { orElse, PeopleActs } from './people-acts';
import type { Product } from './product';
import { ProviderLedger, ScriptedChannel } from './scripted-channel';
import { type Amid, untilSomebodyWaits, WatchedWorker } from './watched-worker';

/** What the simulations of one suite came to. */
export class Tally {
  readonly acts = new Map<string, number>();
  readonly states = new Map<string, number>();
  runs = 0;
  requests = 0;
  taken = 0;

  count(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

const DAY = 86_400;
/** Longer than a batch rests after a fault; shorter than a lease. */
const A_WAIT_SECONDS = 11;
const STUCK_MS = 20_000;

/** One campaign to five people, and whatever is done to it. */
export class SimulatedRun {
  private readonly ledger = new ProviderLedger();
  private readonly knowledge: Knowledge;
  private readonly checks: CheckRun;
  private readonly people: PeopleActs;
  private pending: Promise<unknown>[] = [];

  private constructor(
    private readonly product: Product,
    private readonly cast: Cast,
    private readonly tally: Tally,
  ) {
    this.knowledge = new Knowledge(cast);
    this.checks = new CheckRun(product, cast, this.ledger);
    this.people = new PeopleActs(product, cast, this.ledger, this.knowledge);
  }

  static async open(product: Product, tally: Tally): Promise<SimulatedRun> {
    await clear(product);
    return new SimulatedRun(product, await castOf(product), tally);
  }

  /** One command, and then the checker. */
  async step(act: Act): Promise<void> {
    await this.inTime(act, async () => {
      await this.do(act);
      await this.calm();
    });
    await this.check();
  }

  /** What stands still is told with who waits for whom, or it would only be seen as a slow test. */
  private async inTime(act: Act, work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.whoWaits().then((list) => {
          console.error(`stuck in ${JSON.stringify(act)}\n${list}`);
          reject(new Error('stuck'));
        });
      }, STUCK_MS);
    });
    await Promise.race([work(), stuck]).finally(() => clearTimeout(timer));
  }

  private async whoWaits(): Promise<string> {
    const rows = await this.product.db.query<{ line: string }>(
      `SELECT concat_ws(' ', pid, state, wait_event_type, wait_event, 'behind',
         array_to_string(pg_blocking_pids(pid), ','), left(query, 100)) AS line
       FROM pg_stat_activity WHERE datname = current_database()`,
    );
    return rows.map(({ line }) => line).join('\n');
  }

  /** Everybody comes back, nothing more goes wrong: every message must come to an end that the provider confirms. */
  async settle(): Promise<MessageNow[]> {
    this.ledger.takeAdrift();
    await this.do({ do: 'run', act: 'resume', twice: false });
    for (let round = 0; round < 15; round += 1) {
      await this.do({ do: 'pass time', seconds: 3600 });
      await this.do({ do: 'sweep' });
      // As the sweep rings: a bell for a batch that is done would use up the probe of a closed channel.
      for (const batch of await this.waitingBatches()) {
        await this.do({
          do: 'hand over',
          batch,
          answers: ['takes'],
          most: 100,
          due: true,
          amid: [],
        });
      }
      await this.calm();
      if (await this.isOver()) break;
    }
    await this.check();
    const messages = await messagesOf(this.product, this.cast);
    const left = messages.filter(({ state }) => OPEN.includes(state));
    if (left.length > 0 || !(await this.isOver())) {
      throw new Error(`lost: ${JSON.stringify(messages)} after everything has settled`);
    }
    this.tally.runs += 1;
    for (const { state } of messages) this.tally.count(this.tally.states, state);
    for (const count of this.ledger.requests.values()) this.tally.requests += count;
    for (const count of this.ledger.taken.values()) this.tally.taken += count;
    return messages;
  }

  private async waitingBatches(): Promise<number[]> {
    const waiting = await this.product.db.query<{ id: string }>(
      `SELECT id FROM batch WHERE dispatch_id = $1 AND state = 'PLANNED' ORDER BY number`,
      [this.cast.dispatchId],
    );
    return waiting.map(({ id }) => this.cast.batches.indexOf(id));
  }

  private async isOver(): Promise<boolean> {
    const [row] = await this.product.db.query<{ open: boolean }>(
      `SELECT EXISTS (SELECT FROM dispatch WHERE id = $1 AND finished_at IS NULL)
         OR EXISTS (SELECT FROM batch WHERE dispatch_id = $1 AND state <> 'DONE') AS open`,
      [this.cast.dispatchId],
    );
    return !row!.open;
  }

  private async calm(): Promise<void> {
    while (this.pending.length > 0) await Promise.all(this.pending.splice(0));
  }

  private async check(): Promise<void> {
    const faults = [...this.knowledge.faults, ...(await this.checks.faults())];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  private async do(act: Act): Promise<void> {
    this.tally.count(this.tally.acts, act.do);
    const { db } = this.product;
    switch (act.do) {
      case 'hand over':
        return this.handOver(act);
      case 'hand over at once': {
        const one: HandOver = { ...act, do: 'hand over', most: 100, due: false, amid: [] };
        await timePasses(db, A_WAIT_SECONDS);
        await Promise.all(Array.from({ length: act.workers }, () => this.handOver(one)));
        return;
      }
      case 'say no':
        return this.people.sayNo(act.person, act.door);
      case 'say yes again':
        return this.people.sayYes(act.person, act.proven);
      case 'erase':
        return this.people.erase(act.person);
      case 'merge':
        return this.people.merge(act.keep, act.drop);
      case 'run':
        return this.steer(act.act, act.twice ? 2 : 1);
      case 'end the window':
        await db.query(`UPDATE dispatch SET window_end = clock_timestamp() WHERE id = $1`, [
          this.cast.dispatchId,
        ]);
        return;
      case 'sweep':
        return this.product.get(SweepDelivery).run();
      case 'let a lease run out, wrongly':
        return this.endLeases(act.settleToo);
      case 'pass time':
        return timePasses(db, act.seconds);
      case 'take what is adrift':
        return this.ledger.takeAdrift();
      case 'name the silence':
        return this.nameSilence();
      case 'report':
        return this.people.report(
          act.events.map(({ message, type }) => [this.cast.people[message]!.messageId, type]),
          act.copies,
        );
    }
  }

  private async handOver({ batch, due, answers, most, amid }: HandOver): Promise<void> {
    if (due) await timePasses(this.product.db, A_WAIT_SECONDS);
    const worker = this.worker(amid);
    const channel = this.channel(worker, answers, most);
    const run = this.product.work(this.cast.batches[batch]!, {
      database: worker.database,
      channel,
    });
    // Only what was done to it may make a worker fail.
    await run.catch((error: unknown) => {
      if (!worker.wasHurt) throw error;
    });
  }

  private worker(amid: readonly Amid[]): WatchedWorker {
    const around = {
      act: async (act: Act, holdsLocks: boolean) => {
        const done = this.product.aside(() => this.do(act));
        // Whoever waits for this worker's locks goes on when they are let go.
        if (holdsLocks) {
          this.pending.push(done);
          await untilSomebodyWaits(this.product.db, done);
        } else {
          await done;
          this.knowledge.faults.push(...(await this.checks.moves()));
        }
      },
      leave: (work: Promise<unknown>) => void this.pending.push(work),
      fired: (what: Fault | Act, statement: string) =>
        this.tally.count(
          this.tally.acts,
          typeof what === 'string'
            ? `${what} ${placeOf(statement)}`
            : 'in the middle of a hand-over',
        ),
    };
    return new WatchedWorker(this.product.db, amid, around, this.knowledge.tick);
  }

  private channel(
    worker: WatchedWorker,
    answers: readonly Answer[],
    most: number,
  ): ScriptedChannel {
    return new ScriptedChannel(this.ledger, answers, most, {
      before: async (recipients) => {
        this.knowledge.judge(
          recipients.map(({ messageId }) => messageId),
          worker.commitSentAt,
        );
        await worker.visit('request');
      },
      after: () => worker.visit('answer'),
    });
  }

  /** `times`: a double click, or two people at once. */
  private async steer(act: 'pause' | 'resume' | 'cancel', times: number): Promise<void> {
    const dispatches = this.product.get(Dispatches);
    const keep = act === 'resume' ? this.knowledge.resuming() : () => undefined;
    const moved = await Promise.all(
      Array.from({ length: times }, () =>
        orElse(
          dispatches[act](this.cast.dispatchId).then(() => true),
          async () => false,
        ),
      ),
    );
    if (!moved.includes(true)) keep();
    else if (act === 'resume') this.knowledge.resumed();
    else this.knowledge.stopped(act === 'cancel');
  }

  private async endLeases(settleToo: boolean): Promise<void> {
    const { db } = this.product;
    const past = `clock_timestamp() - interval '1 second'`;
    await db.query(`UPDATE batch SET lease_until = ${past} WHERE state = 'CLAIMED'`);
    if (settleToo) {
      await db.query(`UPDATE batch SET settle_by = ${past} WHERE settle_by IS NOT NULL`);
      await db.query(`UPDATE message SET settle_by = ${past} WHERE settle_by IS NOT NULL`);
    }
    await this.product.get(SweepDelivery).run();
  }

  /** Five days later, with events of other mails coming all the time. */
  private async nameSilence(): Promise<void> {
    const { db } = this.product;
    const sooner = `permit_at = permit_at - make_interval(secs => ${5 * DAY})`;
    await db.query(`UPDATE batch SET ${sooner}`);
    await db.query(`UPDATE message SET ${sooner}`);
    await db.query(
      `INSERT INTO provider_event (provider, provider_event_id, type, received_at)
       SELECT 'other', 'other-' || n, 'delivered', now() - make_interval(hours => n)
       FROM generate_series(0, 120) AS n ON CONFLICT DO NOTHING`,
    );
    await this.product.get(SettleSilence).run();
  }
}

const OPEN = ['PLANNED', 'RETRY_WAIT', 'HANDED_OVER'];

const placeOf = (statement: string): string =>
  ['BEGIN', 'COMMIT', 'request', 'answer'].includes(statement)
    ? statement
    : `at ${/(\w+)/.exec(statement)![1]!.toLowerCase()}`;
