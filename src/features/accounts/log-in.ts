import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Unauthorized } from '../../platform/errors';
import { Credentials } from './credentials';
import { Sessions, staffActor } from './sessions.service';

export interface LogInRequest {
  email: string;
  password: string;
  ip: string;
  /** The session the browser already carried; it ends, so that no token outlives a log-in. */
  earlierToken: string | null;
}

@Injectable()
export class LogIn {
  constructor(
    private readonly db: Database,
    private readonly credentials: Credentials,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  /** Returns the new session's token and whose it is; `Unauthorized` says nothing about why. */
  async run(request: LogInRequest): Promise<{ token: string; staffId: string }> {
    const staff = await this.credentials.prove(request.email, request.password, request.ip);
    if (!staff) throw new Unauthorized('wrong_credentials');
    return this.db.tx(async (tx) => {
      if (request.earlierToken) await this.sessions.endByToken(tx, request.earlierToken);
      const token = await this.sessions.open(tx, staff);
      if (!token) throw new Unauthorized('wrong_credentials');
      const subject = { type: 'staff', id: staff.id };
      await this.audit.record(tx, staffActor(staff.id), 'session.opened', subject);
      return { token, staffId: staff.id };
    });
  }
}
