import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface Grant {
  challenge: string;
  redirectUri: string;
  nonce: string;
  person: OpenIdClaims;
}

export interface OpenIdClaims {
  sub: string;
  email?: string;
  email_verified?: boolean;
  /** Of the ID token, to make it wrong. */
  nonce?: string;
  aud?: string;
}

interface Answer {
  status: number;
  body: unknown;
  location?: string;
}

export const CLIENT = { id: 'utskick', secret: 'a client secret' };

/** A small OpenID provider: discovery, keys, code with PKCE, ID token and userinfo. */
export class OpenIdProvider {
  /** Answers everything with 503. */
  away = false;
  /** Tells the email at the userinfo endpoint only, as OpenID Connect Core 5.4 has it. */
  emailApart = false;
  discoveries = 0;
  /** Who is logged in there already, in any browser. */
  loggedIn: OpenIdClaims | null = null;
  private readonly grants = new Map<string, Grant>();
  private readonly tokens = new Map<string, OpenIdClaims>();

  private constructor(
    private readonly server: Server,
    private readonly key: { privateKey: CryptoKey; jwk: JWK },
  ) {}

  static async start(): Promise<OpenIdProvider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'op-1', alg: 'RS256', use: 'sig' };
    const server = createServer((request, response) => {
      void provider.answer(request).then(({ status, body, location }) => {
        const headers = { 'content-type': 'application/json', ...(location && { location }) };
        response.writeHead(status, headers);
        response.end(JSON.stringify(body));
      });
    });
    const provider = new OpenIdProvider(server, { privateKey, jwk });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get settings() {
    return {
      OIDC_ISSUER: this.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
    };
  }

  /** What happens at the provider's own log-in page: the query that the browser comes back with. */
  authorize(url: string, person: OpenIdClaims): string {
    const asked = new URL(url).searchParams;
    const code = randomUUID();
    this.grants.set(code, {
      challenge: asked.get('code_challenge')!,
      redirectUri: asked.get('redirect_uri')!,
      nonce: asked.get('nonce')!,
      person,
    });
    return `?${new URLSearchParams({ code, state: asked.get('state')! }).toString()}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    if (this.away) return { status: 503, body: {} };
    const url = new URL(request.url ?? '', this.issuer);
    switch (url.pathname) {
      case '/authorize':
        return this.sendBack(url);
      case '/.well-known/openid-configuration':
        this.discoveries += 1;
        return { status: 200, body: this.metadata() };
      case '/jwks':
        return { status: 200, body: { keys: [this.key.jwk] } };
      case '/userinfo':
        return this.userinfo(request.headers.authorization ?? '');
      case '/token':
        return this.token(new URLSearchParams(await textOf(request)));
      default:
        return { status: 404, body: {} };
    }
  }

  private sendBack(url: URL): Answer {
    if (!this.loggedIn) return { status: 403, body: {} };
    const query = this.authorize(url.href, this.loggedIn);
    return { status: 302, body: {}, location: url.searchParams.get('redirect_uri') + query };
  }

  private metadata() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }

  private async token(form: URLSearchParams): Promise<Answer> {
    const grant = this.grants.get(form.get('code') ?? '');
    this.grants.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier') ?? '';
    const isRight =
      grant &&
      form.get('client_id') === CLIENT.id &&
      form.get('client_secret') === CLIENT.secret &&
      form.get('redirect_uri') === grant.redirectUri &&
      createHash('sha256').update(verifier).digest('base64url') === grant.challenge;
    if (!isRight) return { status: 400, body: { error: 'invalid_grant' } };
    const { sub, aud = CLIENT.id, nonce = grant.nonce, ...email } = grant.person;
    const accessToken = randomUUID();
    this.tokens.set(accessToken, { sub, ...email });
    const idToken = await new SignJWT({ nonce, ...(this.emailApart ? {} : email) })
      .setProtectedHeader({ alg: 'RS256', kid: 'op-1' })
      .setIssuer(this.issuer)
      .setAudience(aud)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.key.privateKey);
    return {
      status: 200,
      body: { access_token: accessToken, token_type: 'Bearer', expires_in: 60, id_token: idToken },
    };
  }

  private userinfo(authorization: string): Answer {
    const claims = this.tokens.get(authorization.replace(/^Bearer /, ''));
    return claims ? { status: 200, body: claims } : { status: 401, body: {} };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}
