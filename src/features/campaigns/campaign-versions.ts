import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { getCampaign } from './campaign';
import type { VersionDetail, VersionItem } from './campaign-versions.dto';
import { ADD_VERSION, GET_VERSION, GROW_VERSION, LIST_VERSIONS } from './campaign-versions.queries';

/** An hour of writing is saved hundreds of times; one row for ten minutes keeps the history readable. */
const ONE_SITTING_MINUTES = 10;

/** What every campaign has said, save by save. */
@Injectable()
export class CampaignVersions {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** In the transaction of the save. `apart`: never together with the save before. */
  async keep(tx: Sql, id: string, actor: Actor, apart: boolean): Promise<void> {
    const values = [id, actor.id, this.clock.now()];
    const grown = apart ? [] : await tx.query(GROW_VERSION, [...values, ONE_SITTING_MINUTES]);
    if (grown.length === 0) await tx.query(ADD_VERSION, values);
  }

  async list(id: string): Promise<VersionItem[]> {
    await getCampaign(this.db, id);
    return this.db.query<VersionItem & Record<string, unknown>>(LIST_VERSIONS, [id]);
  }

  /** `version` as it stands in a path. */
  async get(id: string, version: string): Promise<VersionDetail> {
    await getCampaign(this.db, id);
    const number = /^\d{1,9}$/.test(version) ? Number(version) : 0;
    const found = await this.find(this.db, id, number);
    if (!found) throw new NotFound('campaign_version_not_found');
    return found;
  }

  /** The newest; none of a campaign that has never been saved. */
  latest(sql: Sql, id: string): Promise<VersionDetail | undefined> {
    return this.find(sql, id, null);
  }

  private async find(
    sql: Sql,
    id: string,
    version: number | null,
  ): Promise<VersionDetail | undefined> {
    const [found] = await sql.query<VersionDetail & Record<string, unknown>>(GET_VERSION, [
      id,
      version,
    ]);
    return found;
  }
}
