import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import type { WaitingCounts } from './overview.dto';
import { WAITING } from './overview.queries';

/** What waits for this very person, as far as they may see it. */
@Injectable()
export class WaitingFor {
  constructor(private readonly db: Database) {}

  async person({ id, permissions }: Actor): Promise<WaitingCounts> {
    const [waiting] = await this.db.query<WaitingCounts & Record<string, unknown>>(WAITING, [
      permissions.has('campaigns:approve'),
      id,
      permissions.has('service-cases:read'),
    ]);
    return waiting!;
  }
}
