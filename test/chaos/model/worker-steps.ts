import { CELL, BATCH, DISPATCH, DISPATCH_STATES, type Fields, NO, NOBODY, PHASE } from './fields';
import type { Emit } from './explore';
import { ANSWERS, stateNumber, type Tables } from './rules';
import type { Variant } from './variant';

const CLAIMED = stateNumber('CLAIMED');
const HANDED_OVER = stateNumber('HANDED_OVER');
const WITHHELD = stateNumber('WITHHELD');
const RETRY_WAIT = stateNumber('RETRY_WAIT');
const UNKNOWN = stateNumber('UNKNOWN');
const NOT_SENT = CELL.answered + ANSWERS.indexOf('not sent');
const NO_ANSWER = CELL.answered + ANSWERS.indexOf('unknown');

/** Everything that a worker does with a batch, one step at a time, each of which may be its last. */
export class WorkerSteps {
  private readonly next: Uint8Array;
  /** The gate's answers: [said no][state of the run]. */
  private readonly withheld: boolean[][];

  constructor(
    private readonly f: Fields,
    private readonly tables: Tables,
    private readonly variant: Variant,
  ) {
    this.next = new Uint8Array(f.layout.size);
    this.withheld = [false, true].map((saidNo) =>
      DISPATCH_STATES.map((dispatch) => tables.rules.reason(saidNo, dispatch) !== null),
    );
  }

  steps(s: Uint8Array, emit: Emit): void {
    for (const w of this.f.workers) {
      const phase = s[this.f.phase(w)]!;
      if (phase === PHASE.idle) this.begin(s, w, emit);
      else this.stop(s, w, emit);
      if (phase === PHASE.claimed) this.read(s, w, emit);
      if (phase === PHASE.read) this.permit(s, w, emit);
      if (phase === PHASE.checked) this.write(s, w, emit, false);
      if (phase === PHASE.committed) this.hearCommit(s, w, emit);
      if (phase === PHASE.handsOver) this.handOver(s, w, emit);
      if (phase === PHASE.givesBack) this.giveBack(s, w, emit);
      if (phase === PHASE.letsGo) this.letGo(s, w, emit);
    }
  }

  private copy(s: Uint8Array): Uint8Array {
    this.next.set(s);
    return this.next;
  }

  private at(s: Uint8Array, w: number, phase: number): Uint8Array {
    const t = this.copy(s);
    t[this.f.phase(w)] = phase;
    return t;
  }

  /** A job is only a doorbell: it comes never, once or many times, to whoever is free. */
  private begin(s: Uint8Array, w: number, emit: Emit): void {
    const { f } = this;
    if (s[f.dispatch] !== DISPATCH.running) return;
    for (const b of f.batches) {
      if (this.variant.claim) {
        if (s[f.batch(b)] !== BATCH.planned) continue;
        const t = this.copy(s);
        t[f.batch(b)] = this.variant.checkpointAtFetch ? BATCH.done : BATCH.claimed;
        t[f.holder(b)] = w + 1;
        t[f.phase(w)] = PHASE.claimed;
        t[f.job(w)] = b;
        emit(t, 'claims a batch', w, -1);
      } else if (this.waiting(s, b).length > 0) {
        const t = this.copy(s);
        t[f.phase(w)] = PHASE.claimed;
        t[f.job(w)] = b;
        emit(t, 'takes up a batch without a claim', w, -1);
      }
    }
  }

  private stop(s: Uint8Array, w: number, emit: Emit): void {
    const t = this.copy(s);
    this.f.forget(t, w);
    emit(t, 'dies', w, -1);
    if (!s[this.f.live(w)]) return;
    const late = this.copy(s);
    late[this.f.live(w)] = 0;
    emit(late, 'is slow: its permits are too old to use', w, -1);
  }

  private waiting(s: Uint8Array, b: number): number[] {
    return this.f.inBatch(b).filter((m) => this.tables.permitFrom[s[this.f.state(m)]!]);
  }

  /** All that waits, or one of them (a probe, a slow server). The list may be old when it is used. */
  private read(s: Uint8Array, w: number, emit: Emit): void {
    const { f } = this;
    const waiting = this.waiting(s, s[f.job(w)]!);
    if (waiting.length === 0) {
      return emit(this.at(s, w, PHASE.letsGo), 'finds nothing that waits', w, -1);
    }
    this.rejectUnfit(s, w, waiting, emit);
    const lists = waiting.length > 1 ? [waiting, ...waiting.map((m) => [m])] : [waiting];
    for (const list of lists) {
      const t = this.at(s, w, PHASE.read);
      for (const m of list) t[f.cell(w, m)] = CELL.read;
      emit(t, list.length > 1 ? 'reads what waits' : 'reads one that waits', w, list[0]!);
    }
  }

  /** What cannot be rendered is refused by ourselves, by whoever holds the batch. */
  private rejectUnfit(s: Uint8Array, w: number, waiting: number[], emit: Emit): void {
    if (!this.holds(s, w)) return;
    for (const m of waiting) {
      for (const to of this.tables.from(CLAIMED, 'unfit')) {
        const t = this.copy(s);
        t[this.f.state(m)] = to;
        emit(t, 'cannot make a mail of it', w, m);
      }
    }
  }

  private holds(s: Uint8Array, w: number): boolean {
    const b = s[this.f.job(w)]!;
    return s[this.f.holder(b)] === w + 1 && s[this.f.batch(b)] !== BATCH.planned;
  }

  private saidNo(s: Uint8Array, m: number): boolean {
    return this.f.size.leaving[m]! && s[this.f.no]! >= NO.committed;
  }

  /** The permit's transaction, with every lock: one step, as nothing it has locked can change before its COMMIT. */
  private permit(s: Uint8Array, w: number, emit: Emit): void {
    const { f, variant } = this;
    if (variant.checkWithoutLock) {
      const t = this.at(s, w, PHASE.checked);
      for (const m of f.messages) if (this.isWithheld(s, m)) t[f.cell(w, m)] = CELL.none;
      emit(t, 'asks the gate, without a lock', w, -1);
      return;
    }
    if (variant.claim) {
      const t = this.at(s, w, PHASE.givesBack);
      emit(t, 'loses its database connection before COMMIT', w, -1);
    }
    this.write(s, w, emit, true);
  }

  private isWithheld(s: Uint8Array, m: number): boolean {
    return this.withheld[this.saidNo(s, m) ? 1 : 0]![s[this.f.dispatch]!]!;
  }

  private write(s: Uint8Array, w: number, emit: Emit, asksGate: boolean): void {
    const { f, tables, variant } = this;
    const t = this.copy(s);
    let permits = false;
    let breach: string | undefined;
    const runs = s[f.dispatch] === DISPATCH.running;
    const allowed = !variant.claim || (this.holds(s, w) && runs);
    for (const m of f.messages) {
      if (s[f.cell(w, m)] !== CELL.read) continue;
      t[f.cell(w, m)] = CELL.none;
      const state = s[f.state(m)]!;
      if (!allowed || (variant.claim && !tables.permitFrom[state])) continue;
      if (variant.claim && asksGate && this.isWithheld(s, m)) {
        if (tables.may(state, WITHHELD, 'gate')) t[f.state(m)] = WITHHELD;
        continue;
      }
      permits = true;
      t[f.state(m)] = HANDED_OVER;
      t[f.token(m)] = w + 1;
      t[f.cell(w, m)] = CELL.permitted;
      if (f.size.leaving[m] && s[f.no]! >= NO.acknowledged) {
        breach = 'G1 a permit is committed after the no was acknowledged';
      } else if (!runs) breach = 'stop: a permit is committed while the run stands still';
    }
    // Whether the answer has come makes a difference only to a clock that starts with it.
    const waits = variant.clockFromTheAnswer ? PHASE.committed : PHASE.handsOver;
    t[f.phase(w)] = permits ? waits : PHASE.letsGo;
    t[f.live(w)] = permits ? 1 : 0;
    emit(t, permits ? 'commits its permits' : 'gets no permit', w, -1, breach);
    if (permits && variant.reaperLooksBeforeItWaits) this.freedByAnOldLook(t, w, emit);
    if (permits && variant.claim) {
      t[f.live(w)] = 0;
      for (const m of f.messages) t[f.cell(w, m)] = CELL.none;
      t[f.phase(w)] = PHASE.givesBack;
      emit(t, 'commits its permits, and the answer is lost', w, -1, breach);
      if (!variant.giveBackMissesCommit) return;
      t[f.phase(w)] = PHASE.letsGo;
      emit(t, 'gives back before its COMMIT lands', w, -1, breach);
    }
  }

  /** A reaper that waited behind the permit, and then goes by what it saw before. */
  private freedByAnOldLook(committed: Uint8Array, w: number, emit: Emit): void {
    const t = new Uint8Array(committed);
    const b = t[this.f.job(w)]!;
    t[this.f.batch(b)] = BATCH.planned;
    t[this.f.holder(b)] = NOBODY;
    emit(t, 'commits its permits; the reaper behind it ends its lease by an old look', w, -1);
  }

  private hearCommit(s: Uint8Array, w: number, emit: Emit): void {
    const t = this.at(s, w, PHASE.handsOver);
    t[this.f.live(w)] = 1;
    emit(t, 'hears that its permits are committed', w, -1);
  }

  /** Permits that were never used: only their holder can know that. */
  private giveBack(s: Uint8Array, w: number, emit: Emit): void {
    const { f, tables } = this;
    const t = this.copy(s);
    for (const m of f.messages) {
      if (s[f.token(m)] !== w + 1 || s[f.state(m)] !== HANDED_OVER) continue;
      if (tables.may(HANDED_OVER, RETRY_WAIT, 'outcome')) t[f.state(m)] = RETRY_WAIT;
    }
    t[f.phase(w)] = PHASE.letsGo;
    emit(t, 'gives its unused permits back', w, -1);
  }

  private handOver(s: Uint8Array, w: number, emit: Emit): void {
    const { f, variant } = this;
    for (const m of f.messages) {
      const cell = s[f.cell(w, m)]!;
      const to = (next: number, label: string): void => {
        const t = this.copy(s);
        t[f.cell(w, m)] = next;
        if (next === CELL.onTheWire || cell !== CELL.onTheWire) {
          emit(t, label, w, m, next === CELL.onTheWire ? this.startBreach(s, m) : undefined);
          return;
        }
        f.more(t, f.adrift(m));
        emit(t, label, w, m);
      };
      if (cell === CELL.permitted && !s[f.live(w)]) to(NOT_SENT, 'is too late to start');
      if (cell === CELL.permitted && s[f.live(w)]) {
        to(NOT_SENT, 'cannot connect');
        if (variant.frozenAtTheSocket) to(CELL.armed, 'looks at the clock');
        else to(CELL.onTheWire, 'looks at the clock and writes');
      }
      if (cell === CELL.armed) to(CELL.onTheWire, 'writes, after being frozen');
      if (cell === CELL.taken) to(CELL.answered + ANSWERS.indexOf('accepted'), 'hears "accepted"');
      if (cell === CELL.turnedDown) {
        to(CELL.answered + ANSWERS.indexOf('refused'), 'hears a refusal');
      }
      if (cell === CELL.onTheWire || cell === CELL.taken || cell === CELL.turnedDown) {
        to(NO_ANSWER, 'gets no answer');
      }
      if (cell === NO_ANSWER && variant.httpRetry) to(CELL.onTheWire, 'tries the request again');
    }
    this.record(s, w, emit);
  }

  private startBreach(s: Uint8Array, m: number): string | undefined {
    return this.f.size.leaving[m] && s[this.f.no]! >= NO.started
      ? 'G2 a first byte leaves later than the no plus the life of a permit'
      : undefined;
  }

  /** By token, from HANDED_OVER; a late answer still tells what an UNKNOWN was. Written once or many times. */
  private record(s: Uint8Array, w: number, emit: Emit): void {
    const { f, tables } = this;
    for (const m of f.messages) {
      const cell = s[f.cell(w, m)]!;
      if (cell !== CELL.none && cell < CELL.answered) return;
    }
    const held = f.messages.filter((m) => s[f.cell(w, m)] !== CELL.none);
    let ends: number[][] = [[]];
    for (const m of held) {
      const answers = tables.rowStates[s[f.cell(w, m)]! - CELL.answered]!;
      ends = ends.flatMap((end) => answers.map((to) => [...end, to]));
    }
    for (const end of ends) {
      const t = this.copy(s);
      held.forEach((m, n) => {
        const state = s[f.state(m)]!;
        if (s[f.token(m)] !== w + 1) return;
        const to = end[n]!;
        const open = state === HANDED_OVER || state === UNKNOWN;
        if (open && tables.may(state, to, 'outcome')) t[f.state(m)] = to;
      });
      emit(t, 'writes the outcomes, and hears nothing', w, -1);
      for (const m of held) t[f.cell(w, m)] = CELL.none;
      t[f.phase(w)] = PHASE.letsGo;
      t[f.live(w)] = 0;
      emit(t, 'writes the outcomes', w, -1);
    }
  }

  private letGo(s: Uint8Array, w: number, emit: Emit): void {
    const { f, tables, variant } = this;
    const t = this.copy(s);
    const b = s[f.job(w)]!;
    const states = f.inBatch(b).map((m) => s[f.state(m)]!);
    const inFlight = states.includes(HANDED_OVER) && !variant.giveBackMissesCommit;
    if (variant.claim && s[f.holder(b)] === w + 1 && !inFlight && s[f.batch(b)] !== BATCH.done) {
      const waits = states.some((state) => tables.bucket[state] === 'pending');
      t[f.batch(b)] = waits || states.includes(HANDED_OVER) ? BATCH.planned : BATCH.done;
      t[f.holder(b)] = NOBODY;
    }
    f.forget(t, w);
    emit(t, 'lets go of its batch', w, -1);
  }
}
