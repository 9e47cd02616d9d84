import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { portalOf } from '../../../features/my-pages/log-in/portal';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';

const ALGORITHM = 'ES256';
const KEY_ID = 'demo-1';
const LIFE_SECONDS = 300;

/** What a portal does to send its people to Mina sidor: a key of its own, its public half, a token per step. */
@Injectable()
export class PortalKeys {
  private made: Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> | undefined;

  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /** The public half, as LEARNER_JWKS_URL leads to it. Two keys stand here while a new one takes over. */
  async published(): Promise<{ keys: JWK[] }> {
    const { publicKey } = await this.pair();
    const key = await exportJWK(publicKey);
    return { keys: [{ ...key, kid: KEY_ID, alg: ALGORITHM, use: 'sig' }] };
  }

  /** Says who somebody is, once, within five minutes. */
  async sign(externalId: string): Promise<string> {
    const { issuer, audience } = portalOf(this.env)!;
    const { privateKey } = await this.pair();
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(externalId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .sign(privateKey);
  }

  private pair() {
    return (this.made ??= generateKeyPair(ALGORITHM));
  }
}
