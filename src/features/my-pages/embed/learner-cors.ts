import type {
  CorsOptions,
  CorsOptionsDelegate,
} from '@nestjs/common/interfaces/external/cors-options.interface';
import type { Request } from 'express';
import type { Env } from '../../../platform/config/env';
import { portalOrigins } from '../log-in/portal';

const OPEN_TO_PORTALS = /^\/api\/v1\/me\//;
const NOT_AT_ALL: CorsOptions = { origin: false };

/**
 * What pages elsewhere may call by script: a learner's own choices, with a token in the header, from the portal's
 * pages. Never with a cookie, and nothing else of ours.
 */
export function learnerCors(env: Env): CorsOptionsDelegate<Request> {
  const portals: CorsOptions = {
    origin: portalOrigins(env),
    methods: ['GET', 'PUT', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    credentials: false,
    maxAge: 600,
  };
  return (request, answer) =>
    answer(null, OPEN_TO_PORTALS.test(request.path) ? portals : NOT_AT_ALL);
}
