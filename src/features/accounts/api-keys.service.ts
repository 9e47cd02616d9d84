import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Permission } from '../../platform/http/permissions';
import { isUuid, newId } from '../../platform/ids';
import { GRANTABLE, type ApiKey, type ApiKeyInput, type NewApiKey } from './accounts.dto';

const SHOWN = 12;
const COLUMNS = `id, name, prefix, permissions, created_by AS "createdBy", created_at AS "createdAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

/** Keys of other systems. Only the SHA-256 is kept; the key itself is shown once. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  list(): Promise<ApiKey[]> {
    return this.db.query<ApiKey>(`SELECT ${COLUMNS} FROM api_key ORDER BY created_at DESC`);
  }

  async create(input: ApiKeyInput, actor: Actor): Promise<NewApiKey> {
    const key = `utk_${randomBytes(32).toString('base64url')}`;
    const now = this.clock.now();
    const createdBy = actor.type === 'staff' ? actor.id : null;
    return this.db.tx(async (tx) => {
      const [row] = await tx.query<ApiKey>(
        `INSERT INTO api_key (id, name, key_hash, prefix, permissions, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
        [
          newId(now.getTime()),
          input.name,
          hashKey(key),
          key.slice(0, SHOWN),
          input.permissions,
          createdBy,
          now,
        ],
      );
      const subject = { type: 'api_key', id: row!.id };
      await this.audit.record(tx, actor, 'api_key.created', subject, {
        permissions: input.permissions,
      });
      return Object.assign(row!, { key });
    });
  }

  /** Idempotent; the key is dead when this returns. */
  async revoke(id: string, actor: Actor): Promise<void> {
    if (!isUuid(id)) throw new NotFound('no_such_api_key');
    await this.db.tx(async (tx) => {
      const [key] = await tx.query<{ revokedAt: Date | null }>(
        'SELECT revoked_at AS "revokedAt" FROM api_key WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!key) throw new NotFound('no_such_api_key');
      if (key.revokedAt) return;
      await tx.query('UPDATE api_key SET revoked_at = $2 WHERE id = $1', [id, this.clock.now()]);
      await this.audit.record(tx, actor, 'api_key.revoked', { type: 'api_key', id });
    });
  }

  /** Who this key is; null when unknown or revoked. */
  async find(key: string): Promise<Actor | null> {
    const now = this.clock.now();
    const [row] = await this.db.query<{
      id: string;
      permissions: Permission[];
      lastUsedAt: Date | null;
    }>(
      `SELECT id, permissions, last_used_at AS "lastUsedAt"
       FROM api_key WHERE key_hash = $1 AND revoked_at IS NULL`,
      [hashKey(key)],
    );
    if (!row) return null;
    if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > 60_000) {
      await this.db.query('UPDATE api_key SET last_used_at = $2 WHERE id = $1', [row.id, now]);
    }
    const permissions = GRANTABLE.filter((permission) => row.permissions.includes(permission));
    return { type: 'api_key', id: row.id, permissions: new Set(permissions) };
  }
}

function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
