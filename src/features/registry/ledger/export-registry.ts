import { Injectable } from '@nestjs/common';
import { POLICY_VERSION } from '../../../domain/policy';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import type { Actor } from '../../../platform/http/actor';
import type { ChainHead } from './chain';
import { readHead, sealedAfter } from './chain.queries';
import { SealLedger } from './seal-ledger';

export const EXPORT_FORMAT = 'utskick-registry';
const PAGE = 2_000;

/** First line of an export. */
export interface ExportHeader {
  format: typeof EXPORT_FORMAT;
  version: 1;
  exportedAt: string;
  policyVersion: string;
}

/** Last line: without it the file was cut off. */
export interface ExportEnd {
  end: ChainHead;
}

/** The whole ledger as JSON Lines with its hash chain: keyed hashes of addresses, never an address (L-30). */
@Injectable()
export class ExportRegistry {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: SealLedger,
    private readonly audit: Audit,
  ) {}

  /** Lines without line ends. Entries committed before the call are in it. */
  async *run(actor: Actor): AsyncGenerator<string> {
    await this.sealer.run();
    const head = await readHead(this.db);
    await this.audit.record(
      this.db,
      actor,
      'registry.exported',
      { type: 'registry', id: null },
      { head: head.position },
    );
    const header: ExportHeader = {
      format: EXPORT_FORMAT,
      version: 1,
      exportedAt: this.clock.now().toISOString(),
      policyVersion: POLICY_VERSION,
    };
    yield JSON.stringify(header);
    for (let position = 0; position < head.position;) {
      const links = await sealedAfter(this.db, position, Math.min(PAGE, head.position - position));
      const last = links.at(-1);
      if (!last) break;
      for (const link of links) yield JSON.stringify(link);
      position = last.position;
    }
    const end: ExportEnd = { end: head };
    yield JSON.stringify(end);
  }
}
