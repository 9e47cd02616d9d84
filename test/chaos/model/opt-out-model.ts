import type { MoveCause } from '../../../src/domain/message-state';
import type { Emit, Model } from './explore';
import { BATCH, CELL, DISPATCH, Fields, NO, NOBODY, type Size } from './fields';
import type { Layout } from './layout';
import { ANSWERS, stateName, stateNumber, Tables } from './rules';
import type { Variant } from './variant';
import { WorkerSteps } from './worker-steps';

const HANDED_OVER = stateNumber('HANDED_OVER');
const { onTheWire: ON_THE_WIRE, taken: TAKEN, turnedDown: TURNED_DOWN } = CELL;
const { drained: DRAINED } = NO;
const NO_ANSWER = CELL.answered + ANSWERS.indexOf('unknown');

/** Causes that may strike at any time, also when they are wrong to. */
const BY_REAPER: readonly MoveCause[] = ['deadline', 'lease_expired'];

/**
 * Messages, batches, workers, a provider, a no, a reaper, a person who pauses and cancels. Which state may
 * follow which is not written here: every change of a message goes through the product's own list of moves.
 */
export class OptOutModel implements Model {
  readonly layout: Layout;
  readonly start: Uint8Array;
  private readonly f: Fields;
  private readonly tables: Tables;
  private readonly workers: WorkerSteps;
  private readonly next: Uint8Array;
  private readonly byTime: readonly MoveCause[];
  /** Where an event moves a message, by its state. */
  private readonly shown: number[][];

  constructor(
    size: Size,
    private readonly variant: Variant,
  ) {
    this.f = new Fields(size);
    this.layout = this.f.layout;
    this.start = this.f.start();
    this.next = new Uint8Array(this.layout.size);
    this.tables = new Tables(variant.rules);
    this.workers = new WorkerSteps(this.f, this.tables, variant);
    this.byTime = size.silence ? ['due', 'silence'] : ['due'];
    this.shown = this.tables.bucket.map((_, state) => [
      ...new Set(
        size.events
          .map((event) => stateNumber(variant.rules.shownAfter(stateName(state), event)))
          .filter((to) => to !== state),
      ),
    ]);
  }

  steps(s: Uint8Array, emit: Emit): void {
    this.workers.steps(s, emit);
    this.provider(s, emit);
    this.time(s, emit);
    this.reaper(s, emit);
    this.person(s, emit);
    this.run(s, emit);
  }

  normalise(state: Uint8Array, into: Uint8Array): void {
    this.f.normalise(state, into);
  }

  private copy(s: Uint8Array): Uint8Array {
    this.next.set(s);
    return this.next;
  }

  private set(s: Uint8Array, field: number, value: number): Uint8Array {
    const t = this.copy(s);
    t[field] = value;
    return t;
  }

  /** Takes or turns down what is on the wire, also when nobody waits any more; tells of what it took, in any order. */
  private provider(s: Uint8Array, emit: Emit): void {
    const { f } = this;
    for (const m of f.messages) {
      for (const w of f.workers) {
        if (s[f.cell(w, m)] !== CELL.onTheWire) continue;
        const taken = this.set(s, f.cell(w, m), CELL.taken);
        f.more(taken, f.taken(m));
        emit(taken, 'takes the message', -1, m);
        emit(this.set(s, f.cell(w, m), CELL.turnedDown), 'turns the message down', -1, m);
      }
      if (s[f.adrift(m)]) {
        const t = this.set(s, f.adrift(m), s[f.adrift(m)]! - 1);
        f.more(t, f.taken(m));
        emit(t, 'takes the message, late', -1, m);
      }
      if (s[f.taken(m)]) {
        for (const to of this.shown[s[f.state(m)]!]!) {
          emit(this.set(s, f.state(m), to), `says ${stateName(to)}`, -1, m);
        }
      }
    }
  }

  private time(s: Uint8Array, emit: Emit): void {
    for (const m of this.f.messages) {
      for (const by of this.byTime) {
        for (const to of this.tables.from(s[this.f.state(m)]!, by)) {
          const t = this.set(s, this.f.state(m), to);
          if (by === 'due') t[this.f.token(m)] = NOBODY;
          emit(t, `passes: ${stateName(to)}`, -2, m);
        }
      }
    }
  }

  /** Right or wrong, at any time. */
  private reaper(s: Uint8Array, emit: Emit): void {
    const { f, tables } = this;
    for (const b of f.batches) {
      if (s[f.batch(b)] !== BATCH.claimed) continue;
      const inBatch = f.inBatch(b);
      for (const m of inBatch) {
        for (const by of BY_REAPER) {
          for (const to of tables.from(s[f.state(m)]!, by)) {
            emit(this.set(s, f.state(m), to), `makes it ${stateName(to)}`, -3, m);
          }
        }
      }
      if (this.variant.reaperDropsClaims) {
        const t = this.set(s, f.batch(b), BATCH.done);
        t[f.holder(b)] = NOBODY;
        emit(t, 'removes the stale claim with all under it', -3, -1);
      } else if (inBatch.every((m) => s[f.state(m)] !== HANDED_OVER)) {
        const waits = inBatch.some((m) => tables.bucket[s[f.state(m)]!] === 'pending');
        const t = this.set(s, f.batch(b), waits ? BATCH.planned : BATCH.done);
        t[f.holder(b)] = NOBODY;
        emit(t, 'ends the lease of a batch', -3, -1);
      }
    }
  }

  /** Says no, and is told so. Time then runs: what was permitted before must have begun, then ended. */
  private person(s: Uint8Array, emit: Emit): void {
    const { f } = this;
    const said = s[f.no]!;
    if (said === NO.drained) return;
    const t = this.set(s, f.no, said + 1);
    if (said === NO.none) return emit(t, 'the no is committed', -4, -1);
    if (said === NO.committed) return emit(t, 'the no is acknowledged', -4, -1);
    if (said === NO.acknowledged) {
      for (const w of f.workers) {
        if (this.heldOfLeaver(s, w).some((m) => s[f.cell(w, m)]! >= CELL.permitted))
          t[f.live(w)] = 0;
      }
      return emit(t, 'a permit’s life has passed since', -4, -1);
    }
    for (const w of f.workers) {
      for (const m of this.heldOfLeaver(s, w)) {
        const cell = s[f.cell(w, m)]!;
        if (cell < CELL.onTheWire || cell >= CELL.answered) continue;
        if (cell === CELL.onTheWire) f.more(t, f.adrift(m));
        t[f.cell(w, m)] = NO_ANSWER;
      }
    }
    emit(t, 'the longest call has passed since: drained', -4, -1);
  }

  private heldOfLeaver(s: Uint8Array, w: number): number[] {
    const { f } = this;
    return f.messages.filter((m) => f.size.leaving[m] && s[f.cell(w, m)] !== CELL.none);
  }

  private run(s: Uint8Array, emit: Emit): void {
    const { f } = this;
    const state = s[f.dispatch]!;
    if (state === DISPATCH.running)
      emit(this.set(s, f.dispatch, DISPATCH.paused), 'pauses', -5, -1);
    if (state === DISPATCH.paused)
      emit(this.set(s, f.dispatch, DISPATCH.running), 'resumes', -5, -1);
    // A cancel, and after it the sweeper for what comes back unsent.
    const cancelled = state === DISPATCH.cancelled ? 'sweeps what came back' : 'cancels';
    for (let way = 0, ways = 1; way < ways; way += 1) {
      const t = this.set(s, f.dispatch, DISPATCH.cancelled);
      for (const m of f.messages) {
        const targets = this.onCancel(s, m);
        if (targets.length > ways) ways = targets.length;
        const to = targets[way] ?? targets[0];
        if (to !== undefined) t[f.state(m)] = to;
      }
      emit(t, cancelled, -5, -1);
    }
  }

  private onCancel(s: Uint8Array, m: number): readonly number[] {
    return this.tables.from(s[this.f.state(m)]!, 'cancel');
  }

  fault(s: Uint8Array): string | null {
    const { f, tables } = this;
    for (const m of f.messages) {
      const state = s[f.state(m)]!;
      const taken = s[f.taken(m)]!;
      if (taken > 1) return 'G4 the provider took a message twice';
      if (tables.takenByProvider[state] && taken === 0) {
        return `G6 ${stateName(state)}, and the provider never took it`;
      }
      const open = f.anyCell(s, m, ON_THE_WIRE, TURNED_DOWN);
      if (tables.neverSent[state]) {
        const mayGet = s[f.adrift(m)]! > 0 || f.anyCell(s, m, ON_THE_WIRE, TAKEN);
        if (taken > 0 || mayGet)
          return `G6 ${stateName(state)}, and the provider has it or may get it`;
      }
      if (this.isLost(s, m, state))
        return `G5 ${stateName(state)}, and nobody will ever come for it`;
      if (open && f.size.leaving[m] && s[f.no] === DRAINED && !this.variant.frozenAtTheSocket) {
        return 'G3 a request is open after the drain';
      }
    }
    return null;
  }

  /** Waiting in a batch that is done, or in flight in one that no reaper looks at. */
  private isLost(s: Uint8Array, m: number, state: number): boolean {
    const { f } = this;
    if (!this.variant.claim) return false;
    const batch = s[f.batch(f.size.batches[m]!)]!;
    const nobodyComes =
      state === HANDED_OVER
        ? batch !== BATCH.claimed
        : batch === BATCH.done && this.tables.bucket[state] === 'pending';
    return nobodyComes && !f.isInHand(s, m);
  }

  limit(s: Uint8Array): string | null {
    const { f } = this;
    const late = f.messages.some(
      (m) => f.size.leaving[m] && s[f.no] === NO.drained && s[f.adrift(m)]! > 0,
    );
    return late ? 'a request on the wire may still be taken after the drain' : null;
  }

  isEnd(s: Uint8Array): boolean {
    return this.f.messages.every((m) => {
      const bucket = this.tables.bucket[s[this.f.state(m)]!];
      return bucket !== 'pending' && bucket !== 'in_flight';
    });
  }

  tell(s: Uint8Array): string {
    return this.f.tell(s);
  }

  name(label: string, who: number, message: number): string {
    const actor = who >= 0 ? `worker ${who + 1}` : ACTORS[-who - 1]!;
    return `${actor} ${label}${message < 0 ? '' : ` (message ${message + 1})`}`;
  }
}

const ACTORS = ['the provider', 'time', 'the reaper', 'the person:', 'the marketer'];
