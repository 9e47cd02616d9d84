import { type Database, EVERYBODY_MB, type Sql } from '../../platform/database/database';
import { Unavailable } from '../../platform/errors';

/** A question that takes longer is not for a screen; Postgres then stops it. */
const PATIENCE_MS = 10_000;
const CANCELED = '57014';

/** One transaction in which no statement may take long: refuses with `segment_too_slow`. */
export async function patiently<T>(db: Database, work: (tx: Sql) => Promise<T>): Promise<T> {
  try {
    return await db.tx(
      async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${PATIENCE_MS}`);
        return work(tx);
      },
      { workMemMb: EVERYBODY_MB },
    );
  } catch (error) {
    if ((error as { code?: unknown }).code !== CANCELED) throw error;
    throw new Unavailable('segment_too_slow');
  }
}
