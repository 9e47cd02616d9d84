import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { LogInThrottle } from './log-in-throttle';
import { passwordMatches } from './passwords';

export interface ProvenStaff {
  id: string;
  /** The hash that was verified; whoever acts on the proof checks that it still holds. */
  passwordHash: string;
}

/** The one place where a password is tried. */
@Injectable()
export class Credentials {
  constructor(
    private readonly db: Database,
    private readonly throttle: LogInThrottle,
    private readonly audit: Audit,
  ) {}

  /** Null when wrong, unknown or disabled, with nothing to tell them apart; `TooMany` when tried too often. */
  async prove(email: string, password: string, ip: string): Promise<ProvenStaff | null> {
    const attempt = await this.throttle.begin(email, ip);
    const [staff] = await this.db.query<ProvenStaff & { disabledAt: Date | null }>(
      `SELECT id, password_hash AS "passwordHash", disabled_at AS "disabledAt"
       FROM staff WHERE email = $1`,
      [email],
    );
    const matches = await passwordMatches(staff?.passwordHash ?? null, password);
    if (!staff || !matches || staff.disabledAt) {
      // Written for unknown accounts too: a missing write would be measurable.
      const subject = { type: 'staff', id: staff?.id ?? null };
      await this.audit.record(this.db, SYSTEM, 'session.refused', subject);
      return null;
    }
    await this.throttle.forgive(attempt);
    return { id: staff.id, passwordHash: staff.passwordHash };
  }
}
