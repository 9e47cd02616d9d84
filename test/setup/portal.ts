import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface PortalKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** What a token says other than usually; undefined leaves a claim out. */
export type Claims = Record<string, unknown>;

/** A learning portal: publishes its keys, and signs who somebody is. */
export class Portal {
  readonly issuer = 'https://portal.example/larande';
  readonly origin = 'https://portal.example';
  readonly audience = 'utskick';
  readonly published: JWK[] = [];
  /** How often its keys were asked for, and how that is answered. */
  asked = 0;
  status = 200;
  now = () => new Date();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Portal> {
    const server = createServer((_, response) => {
      portal.asked += 1;
      response.writeHead(portal.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: portal.published }));
    });
    const portal = new Portal(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return portal;
  }

  get settings() {
    const { port } = this.server.address() as AddressInfo;
    return {
      LEARNER_JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
      LEARNER_ISSUER: this.issuer,
      LEARNER_AUDIENCE: this.audience,
    };
  }

  /** A key that signs; published unless said otherwise. */
  async addKey(kid: string, alg = 'ES256', publish = true): Promise<PortalKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    if (publish) this.published.push(jwk);
    return { kid, alg, privateKey, jwk };
  }

  /** A token that is right in every way but for these claims. */
  async sign(key: PortalKey, claims: Claims = {}, header: object = {}): Promise<string> {
    const iat = Math.floor(this.now().getTime() / 1000);
    const { issuer: iss, audience: aud } = this;
    const all = { iss, aud, jti: randomUUID(), iat, exp: iat + 60, ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(all)) as Claims)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
