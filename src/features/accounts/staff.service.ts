import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import { SYSTEM, type Actor } from '../../platform/http/actor';
import { isUuid, newId } from '../../platform/ids';
import type { NewStaff, Staff, StaffChange, StaffInput } from './accounts.dto';
import { hashPassword, randomPassword } from './passwords';
import { Sessions } from './sessions.service';

const COLUMNS = `id, email, name, roles, language, created_at AS "createdAt",
  disabled_at AS "disabledAt"`;

/** The people who work here and what they may do. Nobody is deleted: the audit trail names them. */
@Injectable()
export class StaffAccounts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  list(): Promise<Staff[]> {
    return this.db.query<Staff>(`SELECT ${COLUMNS} FROM staff ORDER BY name, id`);
  }

  async get(id: string): Promise<Staff> {
    if (!isUuid(id)) throw new NotFound('no_such_staff');
    const [staff] = await this.db.query<Staff>(`SELECT ${COLUMNS} FROM staff WHERE id = $1`, [id]);
    if (!staff) throw new NotFound('no_such_staff');
    return staff;
  }

  /** The password is in the answer and nowhere else. */
  async create(input: StaffInput, actor: Actor): Promise<NewStaff> {
    const password = randomPassword();
    const staff = await this.insert(input, password, actor);
    if (!staff) throw new Conflict('email_taken');
    return Object.assign(staff, { password });
  }

  /** Log-ins with known passwords for the demo; one that is already there stays as it is. */
  async ensureDemoStaff(people: readonly (StaffInput & { password: string })[]): Promise<void> {
    for (const { password, ...input } of people) await this.insert(input, password, SYSTEM);
  }

  /** Disabling ends the person's sessions in the same commit; roles count from the next request. */
  async change(id: string, change: StaffChange, actor: Actor): Promise<Staff> {
    if (!isUuid(id)) throw new NotFound('no_such_staff');
    return this.db.tx(async (tx) => {
      const before = await lockWithAdmins(tx, id);
      const disabledAt =
        change.disabled === undefined
          ? before.disabledAt
          : change.disabled
            ? (before.disabledAt ?? this.clock.now())
            : null;
      const roles = change.roles ?? before.roles;
      if (before.isLastAdmin && (disabledAt || !roles.includes('admin'))) {
        throw new Conflict('last_admin', { detail: 'Someone must be able to manage staff.' });
      }
      const [after] = await tx.query<Staff>(
        `UPDATE staff SET name = $2, language = $3, roles = $4, disabled_at = $5
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, change.name ?? before.name, change.language ?? before.language, roles, disabledAt],
      );
      if (disabledAt) await this.sessions.endAllOf(tx, id);
      await this.audit.record(
        tx,
        actor,
        'staff.changed',
        { type: 'staff', id },
        {
          fields: Object.entries(change).flatMap(([name, value]) =>
            value === undefined ? [] : name,
          ),
          roles,
          disabled: disabledAt !== null,
        },
      );
      return after!;
    });
  }

  /** For someone who forgot theirs: a new random password, and every session ended. */
  async resetPassword(id: string, actor: Actor): Promise<NewStaff> {
    const staff = await this.get(id);
    const password = randomPassword();
    const passwordHash = await hashPassword(password);
    await this.db.tx(async (tx) => {
      await tx.query('UPDATE staff SET password_hash = $2 WHERE id = $1', [id, passwordHash]);
      await this.sessions.endAllOf(tx, id);
      await this.audit.record(tx, actor, 'staff.password_reset', { type: 'staff', id });
    });
    return Object.assign(staff, { password });
  }

  private async insert(input: StaffInput, password: string, actor: Actor): Promise<Staff | null> {
    const now = this.clock.now();
    const passwordHash = await hashPassword(password);
    return this.db.tx(async (tx) => {
      const [staff] = await tx.query<Staff>(
        `INSERT INTO staff (id, email, name, password_hash, roles, language, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
        [
          newId(now.getTime()),
          input.email,
          input.name,
          passwordHash,
          input.roles,
          input.language ?? 'sv',
          now,
        ],
      );
      if (!staff) return null;
      const subject = { type: 'staff', id: staff.id };
      await this.audit.record(tx, actor, 'staff.created', subject, { roles: input.roles });
      return staff;
    });
  }
}

/** Locks the person together with all working admins, so that two admins cannot remove each other at once. */
async function lockWithAdmins(tx: Sql, id: string): Promise<Staff & { isLastAdmin: boolean }> {
  const rows = await tx.query<Staff>(
    `SELECT ${COLUMNS} FROM staff
     WHERE id = $1 OR ('admin' = ANY(roles) AND disabled_at IS NULL)
     ORDER BY id FOR UPDATE`,
    [id],
  );
  const staff = rows.find((row) => row.id === id);
  if (!staff) throw new NotFound('no_such_staff');
  const admins = rows.filter((row) => row.roles.includes('admin') && !row.disabledAt);
  return Object.assign(staff, { isLastAdmin: admins.length === 1 && admins[0] === staff });
}
