import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { HostCookie } from '../../platform/http/host-cookie';
import { LIFETIME_MS } from './sessions.service';

/** Where the browser of staff keeps the session token. */
@Injectable()
export class SessionCookie extends HostCookie {
  constructor(env: Env) {
    super(env.PUBLIC_URL, 'utskick', LIFETIME_MS);
  }
}
