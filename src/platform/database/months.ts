import { Injectable } from '@nestjs/common';
import { Database } from './database';

/** Partitions made ahead, so that a month turns even when nobody has restarted anything for weeks. */
const MONTHS_AHEAD = 3;

/** Makes the coming months' partitions of the tables that grow with every message. Safe to run any number of times. */
@Injectable()
export class Months {
  constructor(private readonly db: Database) {}

  async run(): Promise<void> {
    await this.db.query('SELECT make_months($1)', [MONTHS_AHEAD]);
  }
}
