import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { sealOf } from './chain';
import { readHead, type Seal, storeSeals, takeSealLock, unsealedEntries } from './chain.queries';

const AT_A_TIME = 1_000;
const PAUSE = 100;
const TRIES = 10;

/**
 * Gives committed entries their place in the hash chain. Not done while recording, but for an import's: an
 * opt-out would then wait for every other opt-out. Positions have no gaps and follow the order in which entries
 * became visible here.
 */
@Injectable()
export class SealLedger {
  constructor(private readonly db: Database) {}

  /** Seals what is committed now; returns how many. Safe in any number of processes. */
  async run(): Promise<number> {
    let sealed = 0;
    for (let tries = 0; tries < TRIES;) {
      const count = await this.sealSome();
      sealed += count ?? 0;
      if (count !== null && count < AT_A_TIME) break;
      // An import's slice has the lock for a moment; another sealer does this one's work.
      if (count === null && ++tries < TRIES) await wait(50);
    }
    return sealed;
  }

  /** Null: somebody else is at it. */
  private sealSome(): Promise<number | null> {
    return this.db.tx(async (tx) => {
      if (!(await takeSealLock(tx))) return null;
      let head = await readHead(tx);
      const entries = await unsealedEntries(tx, AT_A_TIME);
      const seals: Seal[] = [];
      for (const entry of entries) {
        const position = head.position + 1;
        const hash = sealOf(head.hash, Object.assign(entry, { position }));
        seals.push({ seq: entry.seq, position, prevHash: head.hash, hash });
        head = { position, hash };
        // A thousand hashes take as long as a page: somebody may be waiting to say no.
        if (position % PAUSE === 0) await setImmediate();
      }
      if (seals.length > 0) await storeSeals(tx, seals);
      return seals.length;
    });
  }
}
