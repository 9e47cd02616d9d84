import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Unavailable } from '../../../platform/errors';
import { People } from './people';
import { portalOf, type Portal } from './portal';
import { SpentTokens } from './spent-tokens';

/** By public keys only: with a shared secret, or with the public key used as one, anybody could sign. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const LONGEST_LIFE_SECONDS = 300;
const TOLERANCE_SECONDS = 5;
/** How much the clocks of our own servers may differ before a token that was forgotten could count again. */
const REMEMBERED_SECONDS = 60;
/** An unknown key id makes us look for new keys, at most this often. */
const COOLDOWN_MS = 10_000;

/** The portal's signed token (JWT): who one of its people is, for one call within five minutes. */
@Injectable()
export class PortalTokens {
  private readonly log = new Logger('my-pages');
  private readonly portal: Portal | null;
  private readonly key: JWTVerifyGetKey | null;

  constructor(
    env: Env,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly spent: SpentTokens,
  ) {
    this.portal = portalOf(env);
    this.key = this.portal && keysAt(this.portal.jwksUrl);
  }

  /**
   * Whose token this is, or null, whatever is wrong with it; it has counted when this returns. Throws Unavailable
   * when no portal is set, and when its keys cannot be had.
   */
  async spend(token: string): Promise<string | null> {
    const { portal, key } = this;
    if (!portal || !key) throw new Unavailable('learner_login_not_configured');
    const claims = await this.verify(token, portal, key);
    if (!claims) return null;
    const until = new Date((claims.exp + REMEMBERED_SECONDS) * 1000);
    const isFirst = await this.spent.spend(`jti\0${portal.issuer}\0${claims.jti}`, until);
    if (!isFirst) return this.refuse('used before');
    return (await this.people.byExternalId(claims.sub)) ?? this.refuse('sub is nobody we let in');
  }

  private async verify(token: string, { issuer, audience }: Portal, key: JWTVerifyGetKey) {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: this.clock.now(),
        maxTokenAge: LONGEST_LIFE_SECONDS,
        requiredClaims: ['exp', 'jti', 'sub'],
      });
      return readClaims(payload) ?? this.refuse('sub, jti or life');
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const { code, claim = '' } = error as errors.JOSEError & { claim?: string };
      return this.refuse(`${code} ${claim}`);
    }
  }

  /** For whoever connects a portal; the caller learns nothing of it. */
  private refuse(why: string): null {
    this.log.debug(`portal token refused: ${why}`);
    return null;
  }
}

function keysAt(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), { cooldownDuration: COOLDOWN_MS });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const isOurs =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys;
      if (isOurs) throw error;
      throw new Unavailable('learner_keys_unavailable', { retryAfterSeconds: 30 });
    }
  };
}

/** jwtVerify has looked at the times; here at their distance, and at what it leaves to us. */
function readClaims({ sub, jti, iat, exp }: JWTPayload) {
  if (!isName(sub) || !isName(jti) || iat === undefined || exp === undefined) return null;
  return exp - iat <= LONGEST_LIFE_SECONDS ? { sub, jti, exp } : null;
}

/** Short, and text that the database can hold. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\0\p{Surrogate}]{1,200}$/u.test(value);
}
