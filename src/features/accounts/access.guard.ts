import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { Forbidden, Unauthorized } from '../../platform/errors';
import { LEARNER, PERMIT, PUBLIC } from '../../platform/http/access';
import type { Actor, AuthenticatedRequest } from '../../platform/http/actor';
import type { Permission } from '../../platform/http/permissions';
import { ApiKeys } from './api-keys.service';
import { SessionCookie } from './session-cookie';
import { Sessions } from './sessions.service';

/** Lets a request through to its route when the route's own rule says so; a route without a rule is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
    private readonly apiKeys: ApiKeys,
    private readonly cookie: SessionCookie,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    const permit = this.reflector.getAllAndOverride<Permission | 'signed-in'>(PERMIT, route);
    if (permit === undefined) {
      if (this.reflector.getAllAndOverride(PUBLIC, route) !== undefined) return true;
      // Mina sidor has a guard of its own, which comes with the same decorator.
      if (this.reflector.getAllAndOverride(LEARNER, route) !== undefined) return true;
      throw new Forbidden('route_without_access_rule');
    }
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const actor = await this.identify(request);
    if (!actor) {
      // RFC 9110 §15.5.2 wants the scheme named; browsers show no prompt for this one.
      http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
      throw new Unauthorized('not_signed_in');
    }
    if (permit !== 'signed-in' && !actor.permissions.has(permit)) {
      throw new Forbidden('missing_permission', { detail: permit });
    }
    request.actor = actor;
    return true;
  }

  /** A bearer token decides alone; a cookie beside it is not looked at. */
  private async identify(request: AuthenticatedRequest): Promise<Actor | null> {
    const bearer = bearerToken(request.headers.authorization);
    if (bearer !== null) return this.apiKeys.find(bearer);
    const token = this.cookie.read(request);
    return token === null ? null : this.sessions.find(token);
  }
}

/** What follows `Bearer`; null when the request does not use that scheme. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer +(.*)$/i.exec(header ?? '')?.[1] ?? null;
}
