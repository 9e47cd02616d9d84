import type { Sql } from '../../src/platform/database/database';

/** Waits, leases, deadlines and probes that the database keeps: all come this many seconds sooner. */
export async function timePasses(db: Sql, seconds: number): Promise<void> {
  const sooner = (column: string) => `${column} = ${column} - make_interval(secs => $1)`;
  for (const [table, columns] of Object.entries(DEADLINES)) {
    await db.query(`UPDATE ${table} SET ${columns.map(sooner).join(', ')}`, [seconds]);
  }
}

const DEADLINES = {
  batch: ['retry_at', 'message_retry_at', 'lease_until', 'settle_by'],
  message: ['retry_at', 'settle_by'],
  channel_state: ['probe_at'],
};
