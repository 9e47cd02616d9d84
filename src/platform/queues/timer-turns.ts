import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';

/** Several schedulers may tick; a row decides whose turn it is, by the database's clock. */
@Injectable()
export class TimerTurns {
  constructor(private readonly db: Database) {}

  /** True for exactly one caller per period. */
  async take(name: string, everySeconds: number): Promise<boolean> {
    const rows = await this.db.query(
      `INSERT INTO timer_turn (name, next_run_at)
       VALUES ($1, clock_timestamp() + make_interval(secs => $2))
       ON CONFLICT (name) DO UPDATE SET next_run_at = EXCLUDED.next_run_at
       WHERE timer_turn.next_run_at <= clock_timestamp()
       RETURNING name`,
      [name, everySeconds],
    );
    return rows.length === 1;
  }
}
