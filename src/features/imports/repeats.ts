import { hash as hashOf } from 'node:crypto';
import { t } from '../../platform/i18n/i18n';
import type { Column } from './columns';
import { headerOf, type ImportRow } from './read-row';

/** Finds people named twice in a file. */
export class Repeats {
  private readonly lines = new LineTable();

  constructor(private readonly columns: Column[]) {}

  check(row: ImportRow): ImportRow {
    if (row.faults.length > 0) return row;
    const { externalId, addresses } = row.read;
    const email = addresses.find(({ channel }) => channel === 'email')?.canonical ?? '';
    const address = hash(`address ${email}`);
    if (externalId === null) {
      const first = this.lines.get(address);
      if (first !== 0) return repeated(row, first, headerOf(this.columns, 'email'));
      this.lines.set(address, row.line);
      this.lines.set(hash(`only ${email}`), row.line);
      return row;
    }
    // Two external ids may share a mailbox; an address alone is one person.
    const own = hash(`id ${externalId}`);
    const first = this.lines.get(own) || this.lines.get(hash(`only ${email}`));
    if (first !== 0) return repeated(row, first, headerOf(this.columns, 'externalId'));
    this.lines.set(own, row.line);
    if (this.lines.get(address) === 0) this.lines.set(address, row.line);
    return row;
  }
}

/** 52 bits: among a million different people, the odds that two meet are one in nine thousand. */
function hash(text: string): number {
  return parseInt(hashOf('sha1', text, 'hex').slice(0, 13), 16) + 1;
}

function repeated(row: ImportRow, line: number, path: string): ImportRow {
  const message = t('sv', 'imports:row.repeated', { line });
  return { ...row, grants: [], faults: [{ path, code: 'repeated', message }] };
}

/**
 * Hash → line, in two plain arrays: 24 bytes a name or less, and nothing for the garbage collector to walk,
 * where a Map of as many numbers made it the largest part of an import.
 */
class LineTable {
  private keys = new Float64Array(1 << 12);
  private lines = new Uint32Array(1 << 12);
  private size = 0;

  /** 0: not there. */
  get(key: number): number {
    return this.lines[this.slotOf(key)]!;
  }

  set(key: number, line: number): void {
    if (2 * this.size >= this.keys.length) this.grow();
    const slot = this.slotOf(key);
    if (this.keys[slot] === 0) this.size++;
    this.keys[slot] = key;
    this.lines[slot] = line;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (key % 0x1_0000_0000) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, lines } = this;
    this.keys = new Float64Array(2 * keys.length);
    this.lines = new Uint32Array(2 * keys.length);
    this.size = 0;
    keys.forEach((key, i) => key !== 0 && this.set(key, lines[i]!));
  }
}
