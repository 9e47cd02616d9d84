import type { Env } from '../../../platform/config/env';
import { DEMO_PORTAL, isDemoPortal } from '../../../platform/config/mina-sidor-settings';

/** The learning portal whose signed tokens say who somebody is. */
export interface Portal {
  jwksUrl: string;
  issuer: string;
  audience: string;
}

export function portalOf(env: Env): Portal | null {
  const { LEARNER_JWKS_URL: jwksUrl, LEARNER_ISSUER: issuer, LEARNER_AUDIENCE: audience } = env;
  if (jwksUrl && issuer && audience) return { jwksUrl, issuer, audience };
  return isDemoPortal(env)
    ? {
        jwksUrl: env.link(`${DEMO_PORTAL}/jwks.json`),
        issuer: env.link(DEMO_PORTAL),
        audience: 'utskick',
      }
    : null;
}

/** Whose pages may post a token to us, and call us with one from a browser. */
export function portalOrigins(env: Env): string[] {
  if (env.LEARNER_ORIGINS) return env.LEARNER_ORIGINS.split(',').map((origin) => origin.trim());
  const issuer = portalOf(env)?.issuer ?? '';
  return /^https?:/.test(issuer) && URL.canParse(issuer) ? [new URL(issuer).origin] : [];
}
