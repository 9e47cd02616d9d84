import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface LedgerOptions {
  /** File the entries are appended to as JSON Lines; without it they are only kept in memory. */
  file?: string;
  /** Whether each entry reaches the disk before the answer does: for runs that kill processes. */
  fsync?: boolean;
}

/** What a provider would swear to: kept apart from everything the product writes. */
export class Ledger<Entry extends object> {
  readonly entries: (Entry & { at: number })[] = [];
  private readonly file: number | null;

  constructor(private readonly options: LedgerOptions = {}) {
    this.file = options.file === undefined ? null : openSync(options.file, 'a');
  }

  add(entry: Entry): void {
    const dated = { at: Date.now(), ...entry };
    this.entries.push(dated);
    if (this.file === null) return;
    writeSync(this.file, JSON.stringify(dated) + '\n');
    if (this.options.fsync) fsyncSync(this.file);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
  }
}
