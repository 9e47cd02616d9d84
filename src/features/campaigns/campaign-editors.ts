import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { getCampaign } from './campaign';

/** Who has a campaign open just now; it locks nothing, the version that is saved over does. */
@Injectable()
export class CampaignEditors {
  constructor(private readonly db: Database) {}

  /** Notes that this person is at it, and names the others. A program is no person, and is not noted. */
  async saw(id: string, { id: actorId }: Actor): Promise<string[]> {
    await getCampaign(this.db, id);
    const others = await this.db.query<{ name: string }>(SEE, [id, actorId]);
    return others.map(({ name }) => name);
  }
}

/** Those who were seen too long ago go with it, past rows that another call holds. $1 campaign · $2 who */
const SEE = `
WITH seen AS (
  INSERT INTO campaign_editor (campaign_id, staff_id, seen_at)
  SELECT $1, id, clock_timestamp() FROM staff WHERE id::text = $2
  ON CONFLICT (campaign_id, staff_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
), gone AS (
  DELETE FROM campaign_editor WHERE (campaign_id, staff_id) IN (
    SELECT campaign_id, staff_id FROM campaign_editor
    WHERE seen_at < clock_timestamp() - interval '45 seconds' AND (campaign_id <> $1 OR staff_id::text <> $2)
    FOR UPDATE SKIP LOCKED)
)
SELECT s.name FROM campaign_editor e JOIN staff s ON s.id = e.staff_id
WHERE e.campaign_id = $1 AND e.staff_id::text IS DISTINCT FROM $2
  AND e.seen_at >= clock_timestamp() - interval '45 seconds'
ORDER BY s.name`;
