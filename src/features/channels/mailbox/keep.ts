import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { Database } from '../../../platform/database/database';
import type { Verdict } from '../hand-over';
import { storeMails, type StoredMail } from './mailbox.queries';

const log = new Logger('mailbox');
const STORED: Verdict = { kind: 'accepted' };

/** What became of all of them together. */
export async function keep(
  db: Database,
  messages: StoredMail[],
  startBy: number,
): Promise<Verdict> {
  if (messages.length === 0) return STORED;
  if (performance.now() >= startBy) return { kind: 'not_sent', code: 'start_too_late' };
  try {
    await storeMails(db, messages);
    return STORED;
  } catch (error) {
    // The table is our provider here: whether it has them is not known once the statement has failed.
    log.error(error instanceof Error ? error.message : String(error));
    return { kind: 'unknown', code: 'mailbox_unavailable' };
  }
}
