import { Injectable, Logger } from '@nestjs/common';
import { SWEDISH_TIME } from '../../domain/schedule';
import { today } from '../../domain/segment/when';
import { Clock } from '../../platform/clock';
import { Database, EVERYBODY_MB, type Sql } from '../../platform/database/database';
import { SegmentQuestions } from './segment-questions';
import { countPeople, forgetMembers, writeCount, writeMembers } from './segments.queries';

/** Once a day, soon after midnight in Stockholm: how many each segment holds, and whom; of a frozen one, whom still. */
@Injectable()
export class CountSegments {
  private readonly log = new Logger('segments');

  constructor(
    private readonly db: Database,
    private readonly questions: SegmentQuestions,
    private readonly clock: Clock,
  ) {}

  /** Takes those that have no count of today, so that it may be called at any time and go on after a crash. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const day = today({ now, timeZone: SWEDISH_TIME });
    const due = await this.db.query<{ id: string }>(
      `SELECT s.id FROM segment s WHERE s.archived_at IS NULL AND NOT EXISTS (
         SELECT FROM segment_count c WHERE c.segment_id = s.id AND c.day = $1::date) ORDER BY s.id`,
      [day],
    );
    for (const { id } of due) {
      try {
        await this.count(id, day, now);
      } catch (error) {
        // One that cannot be asked must not keep the others from being counted.
        this.log.error(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  private async count(id: string, day: string, now: Date): Promise<void> {
    const work = async (tx: Sql) => {
      const [segment] = await tx.query<{ kind: string }>(
        'SELECT kind FROM segment WHERE id = $1 AND archived_at IS NULL FOR UPDATE',
        [id],
      );
      if (!segment) return;
      const known = await this.questions.known(tx);
      if (segment.kind === 'static') {
        await forgetMembers(tx, id, this.questions.conditionOfSegment(id, known, 2));
        const people = await countPeople(tx, this.questions.conditionOfSegment(id, known));
        return writeCount(tx, id, day, people);
      }
      const condition = this.questions.conditionOfSegment(id, known, 2);
      await writeCount(tx, id, day, await writeMembers(tx, id, condition));
      await tx.query('UPDATE segment SET counted_at = $2 WHERE id = $1', [id, now]);
    };
    await this.db.tx(work, { workMemMb: EVERYBODY_MB });
  }
}
