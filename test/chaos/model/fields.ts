import type { ProviderEvent } from '../../../src/domain/message-state';
import { Layout } from './layout';
import { stateName, stateNumber } from './rules';

/** How much of a world: people's messages in batches, and workers (also two calls in one process). */
export interface Size {
  /** The batch of each message. */
  batches: readonly number[];
  /** Whose address the no is about. The others stay. */
  leaving: readonly boolean[];
  workers: number;
  /** Workers that differ by name only are taken as the same; a trace then renames them as it goes. */
  symmetric?: boolean;
  /** What the provider may say, and whether its silence is named; an accepted message has little life left. */
  events: readonly ProviderEvent[];
  silence: boolean;
}

export const BATCH = { planned: 0, claimed: 1, done: 2 } as const;

export const PHASES = [
  'idle',
  'has claimed',
  'has read',
  'has asked the gate',
  'waits for the answer to COMMIT',
  'hands over',
  'gives back',
  'lets go',
] as const;
export const PHASE = {
  idle: 0,
  claimed: 1,
  read: 2,
  checked: 3,
  committed: 4,
  handsOver: 5,
  givesBack: 6,
  letsGo: 7,
} as const;

/** What a worker has in hand of one message. */
export const CELLS = [
  '',
  'read',
  'permitted',
  'about to be written',
  'on the wire',
  'taken, the answer is on its way',
  'turned down, the answer is on its way',
  'accepted',
  'refused',
  'not sent',
  'unknown',
] as const;
export const CELL = {
  none: 0,
  read: 1,
  permitted: 2,
  armed: 3,
  onTheWire: 4,
  taken: 5,
  turnedDown: 6,
  /** From here on: the answer's place in ANSWERS, plus this. */
  answered: 7,
} as const;

export const DISPATCH_STATES = ['running', 'paused', 'cancelled'] as const;
export const DISPATCH = { running: 0, paused: 1, cancelled: 2 } as const;

export const NO_PHASES = [
  'nothing said',
  'the no is committed',
  'the no is acknowledged',
  'acknowledged for longer than a permit lives',
  'said to be drained',
] as const;
export const NO = { none: 0, committed: 1, acknowledged: 2, started: 3, drained: 4 } as const;

/** Nobody alive holds it. */
export const NOBODY = 0;
const MOST_COPIES = 2;
const HANDED_OVER = stateNumber('HANDED_OVER');
const UNKNOWN = stateNumber('UNKNOWN');

/** Where each thing stands in the row of numbers that is a state. */
export class Fields {
  readonly layout: Layout;
  readonly messages: number[];
  readonly workers: number[];
  readonly batches: number[];
  readonly dispatch: number;
  readonly no: number;
  private readonly firstBatch: number;
  private readonly firstWorker: number;
  private readonly perWorker: number;

  constructor(readonly size: Size) {
    this.messages = size.batches.map((_, n) => n);
    this.batches = [...new Set(size.batches)];
    this.workers = Array.from({ length: size.workers }, (_, n) => n);
    const holder = size.workers < 2 ? 1 : 2;
    const widths = this.messages.flatMap(() => [4, holder, 2, 2]);
    this.firstBatch = widths.length;
    widths.push(...this.batches.flatMap(() => [2, holder]));
    this.firstWorker = widths.length;
    this.perWorker = 3 + this.messages.length;
    widths.push(...this.workers.flatMap(() => [3, 1, 1, ...this.messages.map(() => 4)]));
    this.dispatch = widths.length;
    this.no = widths.length + 1;
    widths.push(2, 3);
    this.layout = new Layout(widths);
  }

  start(): Uint8Array {
    const fields = new Uint8Array(this.layout.size);
    for (const m of this.messages) fields[this.state(m)] = stateNumber('PLANNED');
    return fields;
  }

  readonly state = (m: number): number => m * 4;
  /** Whose permit the message bears: worker + 1, or nobody alive. */
  readonly token = (m: number): number => m * 4 + 1;
  /** How many times the provider took it. */
  readonly taken = (m: number): number => m * 4 + 2;
  /** Requests that nobody waits for any more, and that the provider may still take. */
  readonly adrift = (m: number): number => m * 4 + 3;
  readonly batch = (b: number): number => this.firstBatch + b * 2;
  readonly holder = (b: number): number => this.firstBatch + b * 2 + 1;
  readonly phase = (w: number): number => this.firstWorker + w * this.perWorker;
  /** May the first byte still leave? The worker's own clock says. */
  readonly live = (w: number): number => this.phase(w) + 1;
  readonly job = (w: number): number => this.phase(w) + 2;
  readonly cell = (w: number, m: number): number => this.phase(w) + 3 + m;

  /** Has any worker the message in hand, between these two? */
  anyCell(s: Uint8Array, m: number, from: number, to: number): boolean {
    for (const w of this.workers) {
      const cell = s[this.cell(w, m)]!;
      if (cell >= from && cell <= to) return true;
    }
    return false;
  }

  /** Is any worker at the batch that it is in? */
  isInHand(s: Uint8Array, m: number): boolean {
    const batch = this.size.batches[m];
    return this.workers.some((w) => s[this.phase(w)] !== PHASE.idle && s[this.job(w)] === batch);
  }

  private mayStart(s: Uint8Array, w: number): boolean {
    for (const m of this.messages) if (s[this.cell(w, m)] === CELL.permitted) return true;
    return false;
  }

  inBatch(b: number): number[] {
    return this.messages.filter((m) => this.size.batches[m] === b);
  }

  more(s: Uint8Array, field: number): void {
    if (s[field]! < MOST_COPIES) s[field] = s[field]! + 1;
  }

  /** A worker that has ended, well or not: what it held is nobody's now, and its requests go on without it. */
  forget(s: Uint8Array, w: number): void {
    for (const m of this.messages) {
      if (s[this.cell(w, m)] === CELL.onTheWire) this.more(s, this.adrift(m));
      s[this.cell(w, m)] = CELL.none;
      if (s[this.token(m)] === w + 1) s[this.token(m)] = NOBODY;
    }
    for (const b of this.batches) if (s[this.holder(b)] === w + 1) s[this.holder(b)] = NOBODY;
    s[this.phase(w)] = PHASE.idle;
    s[this.live(w)] = 0;
    s[this.job(w)] = 0;
  }

  normalise(s: Uint8Array, into: Uint8Array): void {
    for (let n = 0; n < s.length; n += 1) into[n] = s[n]!;
    for (const w of this.workers) {
      if (into[this.live(w)] && !this.mayStart(into, w)) into[this.live(w)] = 0;
    }
    for (const m of this.messages) this.dropToken(into, m);
    this.moveClock(into);
    if (this.size.symmetric) this.sortWorkers(into);
  }

  /** A token counts while its worker can still write by it, and in the states where such a write finds something. */
  private dropToken(s: Uint8Array, m: number): void {
    const w = s[this.token(m)]! - 1;
    if (w < 0) return;
    const open = s[this.state(m)] === HANDED_OVER || s[this.state(m)] === UNKNOWN;
    const writes = s[this.phase(w)] === PHASE.givesBack || s[this.cell(w, m)] !== CELL.none;
    if (!open || !writes) s[this.token(m)] = NOBODY;
  }

  /** With no permit of the leaver left to begin, or no call left to end, the time until then makes no difference. */
  private moveClock(s: Uint8Array): void {
    if (s[this.no] === NO.acknowledged && !this.leaverHas(s, CELL.permitted, CELL.armed)) {
      s[this.no] = NO.started;
    }
    if (s[this.no] === NO.started && !this.leaverHas(s, CELL.armed, CELL.turnedDown)) {
      s[this.no] = NO.drained;
    }
  }

  private leaverHas(s: Uint8Array, from: number, to: number): boolean {
    for (const m of this.messages) {
      if (this.size.leaving[m] && this.anyCell(s, m, from, to)) return true;
    }
    return false;
  }

  private sortWorkers(s: Uint8Array): void {
    for (let end = this.workers.length - 1; end > 0; end -= 1) {
      for (let w = 0; w < end; w += 1) if (this.isAfter(s, w, w + 1)) this.swap(s, w, w + 1);
    }
  }

  private isAfter(s: Uint8Array, a: number, b: number): boolean {
    for (let n = 0; n < this.perWorker; n += 1) {
      const differs = s[this.phase(a) + n]! - s[this.phase(b) + n]!;
      if (differs !== 0) return differs > 0;
    }
    // Else by what they hold, or two names for one state would be left.
    return this.holdings(s, a) > this.holdings(s, b);
  }

  private holdings(s: Uint8Array, w: number): number {
    let sum = 0;
    for (const m of this.messages) sum = sum * 2 + (s[this.token(m)] === w + 1 ? 1 : 0);
    for (const b of this.batches) sum = sum * 2 + (s[this.holder(b)] === w + 1 ? 1 : 0);
    return sum;
  }

  private swap(s: Uint8Array, a: number, b: number): void {
    for (let n = 0; n < this.perWorker; n += 1) {
      const kept = s[this.phase(a) + n]!;
      s[this.phase(a) + n] = s[this.phase(b) + n]!;
      s[this.phase(b) + n] = kept;
    }
    const rename = (field: number): void => {
      if (s[field] === a + 1) s[field] = b + 1;
      else if (s[field] === b + 1) s[field] = a + 1;
    };
    for (const m of this.messages) rename(this.token(m));
    for (const batch of this.batches) rename(this.holder(batch));
  }

  tell(s: Uint8Array): string {
    const who = (holder: number): string => (holder === NOBODY ? '' : ` of worker ${holder}`);
    const parts = this.messages.map((m) => {
      const taken = s[this.taken(m)] ? `, taken ${s[this.taken(m)]}×` : '';
      const adrift = s[this.adrift(m)] ? `, ${s[this.adrift(m)]} adrift` : '';
      return `message ${m + 1} ${stateName(s[this.state(m)]!)}${who(s[this.token(m)]!)}${taken}${adrift}`;
    });
    for (const b of this.batches) {
      const state = Object.keys(BATCH)[s[this.batch(b)]!]!;
      parts.push(`batch ${b + 1} ${state}${who(s[this.holder(b)]!)}`);
    }
    for (const w of this.workers) {
      if (s[this.phase(w)] === PHASE.idle) continue;
      const cells = this.messages
        .filter((m) => s[this.cell(w, m)])
        .map((m) => `${m + 1} ${CELLS[s[this.cell(w, m)]!]!}`);
      const late = s[this.phase(w)] === PHASE.handsOver && !s[this.live(w)] ? ', too late' : '';
      parts.push(`worker ${w + 1} ${PHASES[s[this.phase(w)]!]} [${cells.join('; ')}]${late}`);
    }
    if (s[this.dispatch]) parts.push(`run ${DISPATCH_STATES[s[this.dispatch]!]}`);
    if (s[this.no]) parts.push(NO_PHASES[s[this.no]!]!);
    return parts.join(' · ');
  }
}
