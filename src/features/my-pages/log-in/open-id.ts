import { createHmac, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Secrets } from '../../../platform/config/secrets';
import { normaliseEmail } from '../../../domain/address';
import { NotFound, Unavailable } from '../../../platform/errors';
import type { Identified } from '../learner';
import { ATTEMPT_MS } from './learner-cookies';
import { People } from './people';
import { SpentTokens } from './spent-tokens';

const TIMEOUT_SECONDS = 5;
/** A provider may move its endpoints; its keys are looked after by openid-client. */
const DISCOVERED_FOR_MS = 3_600_000;
const TIME_BYTES = 6;

/** What the provider says of somebody; an email it has not verified itself is none. */
interface Claims {
  subject: string;
  email: string | null;
}

/**
 * Log-in by an OpenID provider: authorization code with PKCE, state and nonce. The browser's cookie holds one secret,
 * the attempt, that the other three are derived from with a key of ours: so an answer counts only in the browser
 * that asked, and nothing is stored before it comes.
 */
@Injectable()
export class OpenId {
  private readonly log = new Logger('my-pages');
  private discovered: { at: number; provider: Promise<Configuration> } | null = null;

  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly secrets: Secrets,
    private readonly people: People,
    private readonly spent: SpentTokens,
  ) {}

  /** A new attempt, and where the browser has to go with it. Throws Unavailable when the provider is away. */
  async begin(): Promise<{ attempt: string; url: URL }> {
    const provider = await this.provider();
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(this.clock.now().getTime(), 0, TIME_BYTES);
    const attempt = Buffer.concat([time, randomBytes(32 - TIME_BYTES)]).toString('base64url');
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: this.callbackUrl().href,
      scope: 'openid email',
      state: this.derive(attempt, 'state'),
      nonce: this.derive(attempt, 'nonce'),
      code_challenge: await calculatePKCECodeChallenge(this.derive(attempt, 'verifier')),
      code_challenge_method: 'S256',
    });
    return { attempt, url };
  }

  /** Who came back, or null, whatever is wrong with the answer. An attempt counts once. Throws Unavailable as above. */
  async end(attempt: string, query: string): Promise<Identified | null> {
    const provider = await this.provider();
    const startedAt = Buffer.from(attempt, 'base64url').readUIntBE(0, TIME_BYTES);
    const endsAt = new Date(startedAt + ATTEMPT_MS);
    if (!(endsAt > this.clock.now())) return null;
    const answer = this.callbackUrl();
    answer.search = query;
    if (answer.searchParams.get('state') !== this.derive(attempt, 'state')) return null;
    if (!(await this.spent.spend(`oidc\0${attempt}`, endsAt))) return null;
    const claims = await this.claims(provider, attempt, answer);
    return claims && this.find(claims);
  }

  /** By the provider's own name for them, else by an address that is nobody else's, which they have then shown to read. */
  private async find({ subject, email }: Claims): Promise<Identified | null> {
    const known = await this.people.byExternalId(subject);
    if (known !== null) return { contactId: known, mailboxKey: null };
    const mailbox = normaliseEmail(email ?? '');
    if (!mailbox.ok) return null;
    const [person, another] = await this.people.byMailbox(mailbox.canonical);
    if (!person || another) return null;
    return { contactId: person.contactId, mailboxKey: person.addressKey };
  }

  private async claims(
    provider: Configuration,
    attempt: string,
    answer: URL,
  ): Promise<Claims | null> {
    try {
      return await this.ask(provider, attempt, answer);
    } catch (error) {
      if (isAway(error)) throw unavailable();
      this.log.warn(`OpenID answer refused: ${codeOf(error)}`);
      return null;
    }
  }

  private async ask(provider: Configuration, attempt: string, answer: URL): Promise<Claims | null> {
    const tokens = await authorizationCodeGrant(provider, answer, {
      expectedState: this.derive(attempt, 'state'),
      expectedNonce: this.derive(attempt, 'nonce'),
      pkceCodeVerifier: this.derive(attempt, 'verifier'),
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) return null;
    // OpenID Connect Core 5.4: the claims of the scope `email` may come from this endpoint only.
    const asksFurther = claims.email === undefined && provider.serverMetadata().userinfo_endpoint;
    const { email, email_verified: verified } = asksFurther
      ? await fetchUserInfo(provider, tokens.access_token, claims.sub)
      : claims;
    const isProven = verified === true && typeof email === 'string';
    return { subject: claims.sub, email: isProven ? email : null };
  }

  private provider(): Promise<Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.env;
    if (!OIDC_ISSUER || !OIDC_CLIENT_ID) throw new NotFound('oidc_not_configured');
    const now = this.clock.now().getTime();
    if (this.discovered && now - this.discovered.at < DISCOVERED_FOR_MS) {
      return this.discovered.provider;
    }
    const issuer = new URL(OIDC_ISSUER);
    // The settings refuse http in production.
    const insecure = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
    const provider = discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, {
      timeout: TIMEOUT_SECONDS,
      execute: [enableNonRepudiationChecks, ...insecure],
    }).catch((error: unknown) => {
      this.discovered = null;
      this.log.warn(`OpenID provider not discovered: ${codeOf(error)}`);
      throw unavailable();
    });
    this.discovered = { at: now, provider };
    return provider;
  }

  private derive(attempt: string, purpose: 'state' | 'nonce' | 'verifier'): string {
    return createHmac('sha256', this.secrets.session)
      .update(`oidc:${purpose}:${attempt}`)
      .digest('base64url');
  }

  private callbackUrl(): URL {
    return new URL(this.env.link('/mina-sidor/oidc/callback'));
  }
}

const unavailable = () => new Unavailable('oidc_unavailable', { retryAfterSeconds: 30 });

/** fetch throws a TypeError when nobody answers. */
function isAway(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  const code = error instanceof ClientError ? error.code : undefined;
  return code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM';
}

/** A code, never the message: it may quote what the provider said of a person. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
