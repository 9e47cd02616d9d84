import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { seal } from './chain';
import { readHead, storeSeals, takeSealLock, unsealedEntries } from './chain.queries';

const AT_A_TIME = 1_000;

/**
 * Gives committed entries their place in the hash chain. Not done while recording: an opt-out would then wait
 * for every other opt-out. Positions have no gaps and follow the order in which entries became visible here.
 */
@Injectable()
export class SealLedger {
  constructor(private readonly db: Database) {}

  /** Seals what is committed now; returns how many. Safe in any number of processes. */
  async run(): Promise<number> {
    let sealed = 0;
    for (;;) {
      const count = await this.sealSome();
      sealed += count;
      if (count < AT_A_TIME) return sealed;
    }
  }

  private sealSome(): Promise<number> {
    return this.db.tx(async (tx) => {
      if (!(await takeSealLock(tx))) return 0;
      let head = await readHead(tx);
      const entries = await unsealedEntries(tx, AT_A_TIME);
      const links = entries.map((entry) => (head = seal(head, entry)));
      if (links.length > 0) await storeSeals(tx, links);
      return links.length;
    });
  }
}
