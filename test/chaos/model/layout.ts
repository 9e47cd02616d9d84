// Taken out once: under Jest each look at a global goes through its sandbox, and this runs millions of times.
const { imul } = Math;

const WORD = 32;
const WORDS = 2;

/** A state is a row of small numbers; this packs it into two 32-bit words, so that millions fit into memory. */
export class Layout {
  private readonly word: Uint8Array;
  private readonly shift: Uint8Array;
  private readonly mask: Uint8Array;

  constructor(widths: readonly number[]) {
    this.word = new Uint8Array(widths.length);
    this.shift = new Uint8Array(widths.length);
    this.mask = Uint8Array.from(widths, (width) => 2 ** width - 1);
    let word = 0;
    let used = 0;
    widths.forEach((width, n) => {
      if (used + width > WORD) {
        word += 1;
        used = 0;
      }
      if (word === WORDS) throw new Error('The state does not fit into two words.');
      this.word[n] = word;
      this.shift[n] = used;
      used += width;
    });
  }

  get size(): number {
    return this.word.length;
  }

  pack(fields: Uint8Array, into: Uint32Array): void {
    let low = 0;
    let high = 0;
    for (let n = 0; n < this.word.length; n += 1) {
      if (this.word[n] === 0) low |= fields[n]! << this.shift[n]!;
      else high |= fields[n]! << this.shift[n]!;
    }
    into[0] = low;
    into[1] = high;
  }

  unpack(words: Uint32Array, into: Uint8Array): void {
    for (let n = 0; n < this.word.length; n += 1) {
      into[n] = (words[this.word[n]!]! >>> this.shift[n]!) & this.mask[n]!;
    }
  }
}

/** The states seen so far, in the order of discovery, each with the one it was first reached from. */
export class Visited {
  private low = new Uint32Array(1 << 16);
  private high = new Uint32Array(1 << 16);
  private parent = new Int32Array(1 << 16);
  /** Open addressing; 0 is free, n is state n − 1. */
  private slots = new Int32Array(1 << 17);
  count = 0;

  /** False when it is known already. */
  add(words: Uint32Array, parent: number): boolean {
    if (this.count * 2 >= this.slots.length) this.growSlots();
    const low = words[0]!;
    const high = words[1]!;
    const slot = this.slotOf(low, high);
    if (this.slots[slot] !== 0) return false;
    if (this.count === this.low.length) this.growStates();
    this.low[this.count] = low;
    this.high[this.count] = high;
    this.parent[this.count] = parent;
    this.count += 1;
    this.slots[slot] = this.count;
    return true;
  }

  indexOf(words: Uint32Array): number | undefined {
    const held = this.slots[this.slotOf(words[0]!, words[1]!)]! - 1;
    return held < 0 ? undefined : held;
  }

  read(index: number, into: Uint32Array): void {
    into[0] = this.low[index]!;
    into[1] = this.high[index]!;
  }

  /** From the first state to this one: the shortest way there, as the search goes by breadth. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.parent[at]!) path.unshift(at);
    return path;
  }

  private slotOf(low: number, high: number): number {
    const mask = this.slots.length - 1;
    let hash = imul(low ^ (high >>> 15), 0x85ebca6b) ^ imul(high, 0xc2b2ae35);
    hash = imul(hash ^ (hash >>> 13), 0x27d4eb2f);
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const held = this.slots[slot]! - 1;
      if (held < 0 || (this.low[held] === low && this.high[held] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let n = 0; n < this.count; n += 1) {
      this.slots[this.slotOf(this.low[n]!, this.high[n]!)] = n + 1;
    }
  }

  private growStates(): void {
    const longer = <A extends Uint32Array | Int32Array>(made: A, old: A): A => {
      made.set(old);
      return made;
    };
    this.low = longer(new Uint32Array(this.low.length * 2), this.low);
    this.high = longer(new Uint32Array(this.high.length * 2), this.high);
    this.parent = longer(new Int32Array(this.parent.length * 2), this.parent);
  }
}
