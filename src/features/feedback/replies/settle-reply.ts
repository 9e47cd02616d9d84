import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import type { Sql } from '../../../platform/database/database';
import { Conflict, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid } from '../../../platform/ids';
import { lockReply, type Reply, type ReplyOutcome } from './reply.queries';

export type Settled =
  | { outcome: 'opted_out'; ledgerEntryId: string }
  | { outcome: Exclude<ReplyOutcome, 'opted_out' | 'expired'> };

/** A person has read a reply and says what came of it, in their own transaction. */
@Injectable()
export class SettleReply {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The reply, locked. Throws NotFound `reply_not_found`, Conflict `reply_settled`. */
  async take(tx: Sql, id: string): Promise<Reply> {
    const reply = isUuid(id) ? await lockReply(tx, id) : undefined;
    if (!reply) throw new NotFound('reply_not_found');
    if (reply.state !== 'open') throw new Conflict('reply_settled');
    return reply;
  }

  /** Its words and its sender are gone from then on. */
  async settle(tx: Sql, { id }: Reply, settled: Settled, actor: Actor): Promise<void> {
    const entry = settled.outcome === 'opted_out' ? settled.ledgerEntryId : null;
    await tx.query(
      `UPDATE reply SET state = 'done', outcome = $2, ledger_entry_id = $3, handled_by = $4, handled_at = $5,
         sender = NULL, body = NULL
       WHERE id = $1`,
      [id, settled.outcome, entry, actor.id ?? actor.type, this.clock.now()],
    );
    await this.audit.record(
      tx,
      actor,
      'reply.settled',
      { type: 'reply', id },
      { outcome: settled.outcome },
    );
  }
}
