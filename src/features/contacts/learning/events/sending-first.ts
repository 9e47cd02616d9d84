import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';

/** What is left to the sending after each batch, in times what the batch took. */
const LEFT = 2;
/** A batch that itself had to wait is no reason to wait for longer than this. */
const LONGEST_MS = 2_000;

/**
 * A campaign that is being sent goes before what other systems hand over by the thousand: batches are then taken one at a
 * time in each process, and after each the machine is the sending's for twice as long. Nobody is turned away; they wait.
 */
@Injectable()
export class SendingFirst {
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly db: Database) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    const [row] = await this.db.query<{ sending: boolean }>(
      `SELECT EXISTS (SELECT FROM dispatch WHERE state = 'running') AS sending`,
    );
    if (!row!.sending) return work();
    const before = this.turn;
    let pass = (): void => undefined;
    this.turn = new Promise((resolve) => (pass = resolve));
    await before;
    const began = performance.now();
    try {
      return await work();
    } finally {
      setTimeout(pass, Math.min((performance.now() - began) * LEFT, LONGEST_MS));
    }
  }
}
