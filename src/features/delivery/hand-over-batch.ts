import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import type { Outcome } from '../channels/hand-over';
import { offersOf } from '../contacts/learning/offers/offers.queries';
import { trackedInBatch } from '../contacts/learning/tracking/tracking.queries';
import { Batches } from './batches';
import type { Carrier } from './carriers/carrier';
import { Carriers } from './carriers/carriers';
import { ChannelState, type Turn } from './channel-state';
import { HeedRefusals } from './heed-refusals';
import { OpenRuns, type OpenRun } from './open-runs';
import { inCommon, toRow, type OutcomeRows } from './outcome-rows';
import { CALL_SECONDS, Permit, START_SECONDS } from './permit';
import {
  CLAIM_BATCH,
  PLANNED_MESSAGES,
  RECORD_OUTCOMES,
  REJECT_UNRENDERED,
} from './permit.queries';
import { RenderMessage, type PlannedMessage } from './render-message';
import { untilWritten } from './until-written';

/** Longer than a hand-over can take with its outcome written: 3 s + 2 s + 10 s + 15 s. */
const LEASE_SECONDS = 33;

/** A batch waits for the shared rate with its claim in hand; the lease must outlast this and the hand-over. */
const RATE_PATIENCE_SECONDS = 3;
const AFTER_FAULT_SECONDS = 5;

interface Claim {
  batchId: string;
  token: string;
  dispatchId: string;
}

/** Not the row it was made from: hundreds of them would live on until the provider answers. */
interface Ready extends Pick<PlannedMessage, 'id' | 'attempts'> {
  linkHash: string;
  recipient: object;
}

/** What a hand-over needs beside the batch itself: permit, rate, breaker, counters. */
@Injectable()
export class HandOverSteps {
  constructor(
    readonly permit: Permit,
    readonly channels: ChannelState,
    private readonly metrics: Metrics,
    private readonly batches: Batches,
    private readonly carriers: Carriers,
  ) {}

  /** Not given up at once: a claim that is kept holds its batch back until the lease ends. */
  release(claim: Claim, notBefore: number | null): Promise<void> {
    const { batchId, token, dispatchId } = claim;
    return untilWritten(() => this.batches.release(batchId, token, dispatchId, notBefore));
  }

  carrier(run: OpenRun): Carrier {
    return this.carriers.of(run.dispatch.channel);
  }

  /** Waits for its share of the rate; seconds to come back in when that would take too long. */
  async reserve({ channel, rate }: Carrier, count: number): Promise<number> {
    const patience = performance.now() + RATE_PATIENCE_SECONDS * 1000;
    for (;;) {
      const wait = await this.channels.reserve(channel, count, rate);
      if (wait === 0 || performance.now() + wait * 1000 > patience) return wait;
      await sleep(wait * 1000);
    }
  }

  postpone(batchId: string, seconds: number): Promise<void> {
    return this.batches.postpone(batchId, seconds);
  }

  countWithheld(withheld: { reason: string }[]): void {
    for (const [reason, count] of counted(withheld.map(({ reason }) => reason)))
      this.metrics.withheld.inc({ reason }, count);
  }

  /** Tells the breaker and the counters how it went. */
  async learn({ channel }: Carrier, outcomes: Outcome[]): Promise<void> {
    for (const [outcome, count] of counted(outcomes.map(({ kind }) => kind)))
      this.metrics.outcomes.inc({ channel, outcome }, count);
    // That an hour was over says nothing of the provider.
    const tried = outcomes.filter((one) => one.kind !== 'not_sent' || one.code !== 'outside_hours');
    const denied = tried.some((outcome) => outcome.kind === 'refused' && outcome.breaker);
    if (tried.some(({ kind }) => kind === 'accepted')) await this.channels.succeeded(channel);
    else if (denied) await this.channels.failed(channel, 'not_authorised', true);
    else if (tried.some(({ kind }) => kind === 'unknown' || kind === 'not_sent')) {
      await this.channels.failed(channel, tried[0]!.kind, false);
    }
  }
}

/** A counter's labels cost more than all else that is done with an outcome. */
function counted(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Hands one batch over, each message at most once. Safe to call again, and from any number of workers. */
@Injectable()
export class HandOverBatch {
  private readonly log = new Logger('delivery');

  constructor(
    private readonly db: Database,
    private readonly runs: OpenRuns,
    private readonly rendering: RenderMessage,
    private readonly steps: HandOverSteps,
    private readonly refusals: HeedRefusals,
  ) {}

  async run(batchId: string): Promise<void> {
    const channel = await this.steps.channels.of(batchId);
    if (!channel) return;
    const turn = await this.steps.channels.turn(channel);
    if (turn.kind === 'wait') return this.steps.postpone(batchId, turn.seconds);
    const claim = await this.claim(batchId);
    if (!claim) return; // done, or another worker has it, or its run does not run
    // A fault must not turn into a hot loop: the batch rests before anybody takes it up again.
    let notBefore: number | null = AFTER_FAULT_SECONDS;
    try {
      notBefore = await this.handOver(claim, turn);
    } finally {
      await this.steps.release(claim, notBefore);
    }
  }

  private async claim(batchId: string): Promise<Claim | undefined> {
    const token = randomUUID();
    const [claimed] = await this.db.query<{ dispatchId: string }>(CLAIM_BATCH, [
      batchId,
      token,
      LEASE_SECONDS,
    ]);
    return claimed && { batchId, token, dispatchId: claimed.dispatchId };
  }

  /** Seconds to wait before the rest of the batch, or null. */
  private async handOver(claim: Claim, turn: Turn): Promise<number | null> {
    const run = await this.runs.open(claim.dispatchId);
    const carrier = this.steps.carrier(run);
    const due = carrier.due(await this.waiting(claim, run));
    if (due.now.length === 0) return due.nextIn;
    // A server says with its speed how many it can start within a permit's life.
    const most = turn.kind === 'probe' ? 1 : carrier.most;
    const ready = await this.render(claim, run, due.now.slice(0, most));
    if (ready.length === 0) return null;
    const wait = await this.steps.reserve(carrier, ready.length);
    if (wait > 0) return wait;

    // Before BEGIN: the first byte then leaves within START_SECONDS of the permit's commit, by our own clock.
    const begun = performance.now();
    const permitted = await this.steps.permit.take({
      dispatchId: claim.dispatchId,
      batchId: claim.batchId,
      token: claim.token,
      messages: ready,
    });
    this.steps.countWithheld(permitted.withheld);
    const going = ready.filter(({ id }) => permitted.ids.has(id));
    if (going.length === 0) return null;
    const outcomes = await carrier.handOver(
      run,
      going.map(({ recipient }) => recipient),
      {
        startBy: begun + START_SECONDS * 1000,
        deadline: begun + (START_SECONDS + CALL_SECONDS) * 1000,
      },
    );
    // One outcome per recipient, in their order.
    const rows = outcomes.map((outcome, at) => toRow(outcome, going[at]!.attempts + 1));
    await this.record(claim, permitted.together ? inCommon(rows) : { common: null, others: rows });
    await this.steps.learn(carrier, outcomes);
    await this.refusals.run(outcomes);
    return null;
  }

  private async waiting({ batchId }: Claim, run: OpenRun): Promise<PlannedMessage[]> {
    const looksAt = Math.min(this.steps.carrier(run).looksAt, run.dispatch.batchSize);
    const values = [batchId, looksAt];
    const messages = await this.db.query<PlannedMessage>(PLANNED_MESSAGES, values);
    const { id, offers } = run.dispatch;
    const { tracks } = run.content;
    if (offers === 0 && !tracks) return messages;
    const ids = messages.map((message) => message.id);
    const found = offers > 0 ? await offersOf(this.db, id, ids) : null;
    const tracked = tracks ? await trackedInBatch(this.db, batchId) : null;
    return messages.map((message) => ({
      ...message,
      offers: found?.get(message.id),
      tracked: tracked?.has(message.id),
    }));
  }

  private async render(claim: Claim, run: OpenRun, messages: PlannedMessage[]): Promise<Ready[]> {
    const carrier = this.steps.carrier(run);
    const ready: Ready[] = [];
    const broken: { id: string; code: string }[] = [];
    for (const message of messages) {
      try {
        const { id, attempts } = message;
        if (!message.to) throw new Error('address_gone');
        const { token, hash: linkHash } = this.rendering.link(id, carrier.channel);
        ready.push({ id, attempts, linkHash, recipient: carrier.recipient(message, token, run) });
      } catch (error) {
        const gone = (error as Error).message === 'address_gone';
        broken.push({ id: message.id, code: gone ? 'address_gone' : 'render_failed' });
        this.log.warn(`message ${message.id} cannot be rendered: ${(error as Error).name}`);
      }
    }
    if (broken.length > 0) {
      await this.db.query(REJECT_UNRENDERED, [
        broken.map(({ id }) => id),
        broken.map(({ code }) => code),
        claim.batchId,
        claim.token,
      ]);
    }
    return ready;
  }

  /** Keeps trying for as long as the outcome may be written; after that the reaper says UNKNOWN. */
  private async record(claim: Claim, { common, others }: OutcomeRows): Promise<void> {
    const values = [
      claim.batchId,
      claim.token,
      others.map(({ id }) => id),
      others.map(({ state }) => state),
      others.map(({ code }) => code),
      others.map(({ providerId }) => providerId),
      others.map(({ retrySeconds }) => retrySeconds),
      common?.state ?? null,
      common?.code ?? null,
      common?.providerId ?? null,
      common?.retrySeconds ?? null,
    ];
    await untilWritten(
      () => this.db.query(RECORD_OUTCOMES, values),
      ({ message }) =>
        this.log.warn(`outcomes of batch ${claim.batchId} not written yet: ${message}`),
    );
  }
}
