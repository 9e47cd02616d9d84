import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { hashToken } from '../../../platform/tokens';

/** What counts once: the portal's tokens, and returns from the OpenID provider. Kept until it would be refused for its age. */
@Injectable()
export class SpentTokens {
  constructor(private readonly db: Database) {}

  /** True for the first who comes with it, however many come at the same time. */
  async spend(name: string, until: Date): Promise<boolean> {
    const rows = await this.db.query(
      `INSERT INTO spent_token (hash, expires_at) VALUES ($1, $2)
       ON CONFLICT (hash) DO NOTHING RETURNING hash`,
      [hashToken(name), until],
    );
    return rows.length > 0;
  }
}
