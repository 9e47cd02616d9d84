import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Env } from '../../platform/config/env';
import { Forbidden } from '../../platform/errors';
import { LEARNER, PERMIT, PUBLIC } from '../../platform/http/access';
import { bearerToken } from './access.guard';
import { SessionCookie } from './session-cookie';

export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Keeps other sites from acting through a visitor's browser (CSRF), without tokens in forms. */
@Injectable()
export class OriginGuard implements CanActivate {
  private readonly ownOrigin: string;

  constructor(
    env: Env,
    private readonly reflector: Reflector,
    private readonly cookie: SessionCookie,
  ) {
    this.ownOrigin = new URL(env.PUBLIC_URL).origin;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (SAFE_METHODS.has(request.method) || this.mayComeFromElsewhere(context, request))
      return true;
    throw new Forbidden('cross_site_request');
  }

  private mayComeFromElsewhere(context: ExecutionContext, request: Request): boolean {
    const route = [context.getHandler(), context.getClass()];
    // Mina sidor takes tokens from the portal's pages; its session looks at the origin itself.
    if (this.reflector.getAllAndOverride(LEARNER, route) !== undefined) return true;
    if (this.reflector.getAllAndOverride(PERMIT, route) === undefined) {
      const open = this.reflector.getAllAndOverride<{ anyOrigin?: boolean }>(PUBLIC, route);
      // Our pages send no referrer, so their forms say `Origin: null`; only Sec-Fetch-Site tells.
      return open?.anyOrigin === true || request.headers['sec-fetch-site'] !== 'cross-site';
    }
    // No other site can make a browser send a bearer token, and without a cookie there is nothing to ride on.
    if (bearerToken(request.headers.authorization) !== null) return true;
    if (this.cookie.read(request) === null) return true;
    return isFromOurselves(request, this.ownOrigin);
  }
}

/** Whether a page of ours sends this, or the person at the address bar. */
export function isFromOurselves(request: Request, ownOrigin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === 'same-origin' || site === 'none' || request.headers.origin === ownOrigin;
}
