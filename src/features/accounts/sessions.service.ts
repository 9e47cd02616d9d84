import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { permissionsOf } from '../../platform/http/permissions';
import { isUuid, newId } from '../../platform/ids';
import { hashToken, newToken } from '../../platform/tokens';
import type { OpenSession } from './accounts.dto';
import type { ProvenStaff } from './credentials';

const MINUTE = 60_000;
export const IDLE_MS = 8 * 60 * MINUTE;
export const LIFETIME_MS = 7 * 24 * 60 * MINUTE;

/** Log-ins in progress. Only the SHA-256 of a token is kept; every request reads the row, so revoking is at once. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Opens a session and returns its token; null when the account was disabled or its password changed since the proof. */
  async open(tx: Sql, staff: ProvenStaff): Promise<string | null> {
    const { token, hash } = newToken(256);
    const now = this.clock.now();
    // FOR SHARE orders this with disabling and password changes, which delete the sessions they can see.
    const rows = await tx.query(
      `INSERT INTO session (token_hash, id, staff_id, created_at, last_seen_at, expires_at)
       SELECT $1, $2, id, $3, $3, $4 FROM staff
       WHERE id = $5 AND password_hash = $6 AND disabled_at IS NULL
       FOR SHARE
       RETURNING id`,
      [
        hash,
        newId(now.getTime()),
        now,
        new Date(now.getTime() + LIFETIME_MS),
        staff.id,
        staff.passwordHash,
      ],
    );
    return rows.length > 0 ? token : null;
  }

  /** Who holds this token now, with the roles of this moment; null when it is no good. */
  async find(token: string): Promise<Actor | null> {
    const now = this.clock.now();
    const hash = hashToken(token);
    const [row] = await this.db.query<{ staffId: string; roles: string[]; lastSeenAt: Date }>(
      `SELECT session.staff_id AS "staffId", staff.roles, session.last_seen_at AS "lastSeenAt"
       FROM session JOIN staff ON staff.id = session.staff_id
       WHERE session.token_hash = $1 AND session.expires_at > $2 AND session.last_seen_at > $3
         AND staff.disabled_at IS NULL`,
      [hash, now, new Date(now.getTime() - IDLE_MS)],
    );
    if (!row) return null;
    if (now.getTime() - row.lastSeenAt.getTime() > MINUTE) {
      await this.db.query('UPDATE session SET last_seen_at = $2 WHERE token_hash = $1', [
        hash,
        now,
      ]);
    }
    return staffActor(row.staffId, row.roles);
  }

  /** The person's live sessions, newest first. */
  async list(staffId: string, currentToken: string): Promise<OpenSession[]> {
    const now = this.clock.now();
    return this.db.query<OpenSession>(
      `SELECT id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt",
              token_hash = $2 AS current
       FROM session WHERE staff_id = $1 AND expires_at > $3 AND last_seen_at > $4
       ORDER BY created_at DESC`,
      [staffId, hashToken(currentToken), now, new Date(now.getTime() - IDLE_MS)],
    );
  }

  /** Ends the session of this token, if there is one. */
  async endByToken(tx: Sql, token: string): Promise<void> {
    const [ended] = await tx.query<{ id: string; staffId: string }>(
      'DELETE FROM session WHERE token_hash = $1 RETURNING id, staff_id AS "staffId"',
      [hashToken(token)],
    );
    if (ended) await this.recordEnd(tx, ended.staffId, ended.id);
  }

  /** Logs out. */
  end(token: string): Promise<void> {
    return this.db.tx((tx) => this.endByToken(tx, token));
  }

  /** Ends one of the person's own sessions. */
  async revoke(staffId: string, id: string): Promise<void> {
    if (!isUuid(id)) throw new NotFound('no_such_session');
    await this.db.tx(async (tx) => {
      const ended = await tx.query(
        'DELETE FROM session WHERE staff_id = $1 AND id = $2 RETURNING id',
        [staffId, id],
      );
      if (ended.length === 0) throw new NotFound('no_such_session');
      await this.recordEnd(tx, staffId, id);
    });
  }

  /** The reason is in the caller's own audit entry. */
  async endAllOf(tx: Sql, staffId: string): Promise<void> {
    await tx.query('DELETE FROM session WHERE staff_id = $1', [staffId]);
  }

  private recordEnd(tx: Sql, staffId: string, id: string): Promise<void> {
    return this.audit.record(tx, staffActor(staffId), 'session.ended', { type: 'session', id });
  }
}

export function staffActor(id: string, roles: readonly string[] = []): Actor {
  return { type: 'staff', id, permissions: permissionsOf(roles) };
}
