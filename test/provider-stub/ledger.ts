import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface LedgerOptions {
  /** File the entries are appended to as JSON Lines; without it they are only kept in memory. */
  file?: string;
  /** Whether each entry reaches the disk before the answer does: for runs that kill processes. */
  fsync?: boolean;
}

/** What a stub took, in numbers. */
export interface Account {
  /** Mails taken, copies included. */
  taken: number;
  /** Messages of which more than one mail was taken. */
  doubled: number;
}

/** How the mails taken spread over messages. */
export function accountOf(takenByMessage: ReadonlyMap<string, number>): Account {
  const counts = [...takenByMessage.values()];
  return {
    taken: counts.reduce((sum, count) => sum + count, 0),
    doubled: counts.filter((count) => count > 1).length,
  };
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
