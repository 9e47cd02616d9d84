import { Injectable } from '@nestjs/common';
import { Env } from '../../../platform/config/env';
import { HostCookie } from '../../../platform/http/host-cookie';

const MINUTE = 60_000;

/** However busy a session is, it ends after a working day. */
export const SESSION_MS = 8 * 60 * MINUTE;
/** As long as somebody may take at the OpenID provider. */
export const ATTEMPT_MS = 10 * MINUTE;

/** Where the browser of somebody logged in to Mina sidor keeps the session token. */
@Injectable()
export class LearnerCookie extends HostCookie {
  constructor(env: Env) {
    super(env.PUBLIC_URL, 'utskick-mina-sidor', SESSION_MS);
  }
}

/** Binds a log-in by OpenID Connect to the browser that began it. */
@Injectable()
export class OpenIdCookie extends HostCookie {
  constructor(env: Env) {
    super(env.PUBLIC_URL, 'utskick-oidc', ATTEMPT_MS);
  }
}
