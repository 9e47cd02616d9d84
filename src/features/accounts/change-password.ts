import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { Credentials } from './credentials';
import { hashPassword } from './passwords';
import { Sessions } from './sessions.service';

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
  ip: string;
}

@Injectable()
export class ChangePassword {
  constructor(
    private readonly db: Database,
    private readonly credentials: Credentials,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  /** Ends all the person's sessions, wherever they are, and returns the token of a new one. */
  async run(actor: Actor, staffId: string, change: PasswordChange): Promise<string> {
    const [staff] = await this.db.query<{ email: string }>(
      'SELECT email FROM staff WHERE id = $1',
      [staffId],
    );
    const email = staff!.email;
    const proven = await this.credentials.prove(email, change.currentPassword, change.ip);
    if (!proven) throw fault('currentPassword', 'wrong_password', 'is not your password');
    if (
      change.newPassword === change.currentPassword ||
      change.newPassword.toLowerCase().includes(email)
    ) {
      throw fault('newPassword', 'weak_password', 'is the old one, or holds your email address');
    }
    const passwordHash = await hashPassword(change.newPassword);
    return this.db.tx(async (tx) => {
      const changed = await tx.query(
        'UPDATE staff SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING id',
        [staffId, proven.passwordHash, passwordHash],
      );
      await this.sessions.endAllOf(tx, staffId);
      const token = await this.sessions.open(tx, { id: staffId, passwordHash });
      if (changed.length === 0 || !token) throw new Conflict('password_changed_meanwhile');
      await this.audit.record(tx, actor, 'staff.password_changed', { type: 'staff', id: staffId });
      return token;
    });
  }
}

function fault(path: string, code: string, message: string): Invalid {
  return new Invalid('invalid_fields', { errors: [{ path, code, message: `${path} ${message}` }] });
}
