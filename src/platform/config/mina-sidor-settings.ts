import { IsOptional, IsString, IsUrl, Matches } from 'class-validator';
import { AssetSettings } from './asset-settings';

const url = { require_tld: false, require_protocol: true };

/** How people log in to Mina sidor. A part of Env. */
export class MinaSidorSettings extends AssetSettings {
  /** Where the learning portal publishes the public keys (JWKS) of the tokens it signs for its people. */
  @IsOptional()
  @IsUrl(url)
  LEARNER_JWKS_URL?: string;
  /** What those tokens name as their issuer (iss). */
  @IsOptional()
  @IsString()
  LEARNER_ISSUER?: string;
  /** What they name as their audience (aud). */
  @IsOptional()
  @IsString()
  LEARNER_AUDIENCE?: string;
  /** Origins of the portal's pages, comma-separated: may post a token, and call /api/v1/me from a browser; default: that of LEARNER_ISSUER. */
  @IsOptional()
  @Matches(/^https?:\/\/[^\s,/]+( *, *https?:\/\/[^\s,/]+)*$/)
  LEARNER_ORIGINS?: string;
  /** OpenID provider for the log-in to Mina sidor; unset: no such log-in. */
  @IsOptional()
  @IsUrl(url)
  OIDC_ISSUER?: string;
  /** Our client id at that provider. */
  @IsOptional()
  @IsString()
  OIDC_CLIENT_ID?: string;
  /** Our client secret at that provider. */
  @IsOptional()
  @IsString()
  OIDC_CLIENT_SECRET?: string;
}

/** The example portal that comes with the demo. */
export const DEMO_PORTAL = '/dev/portal';

/** Whether it is there: only where no other is set. */
export function isDemoPortal(env: MinaSidorSettings & { demo: boolean }): boolean {
  return env.demo && !env.LEARNER_JWKS_URL;
}
