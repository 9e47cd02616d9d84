import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { Response } from 'express';
import { Unauthorized } from '../../platform/errors';
import { LEARNER } from '../../platform/http/access';
import { bearerToken } from '../accounts/access.guard';
import type { Learner, LearnerRequest } from './learner';
import { LearnerSessions } from './log-in/learner-sessions';
import { PortalTokens } from './log-in/portal-tokens';

/** Lets through who is logged in to Mina sidor, or comes with a token of the portal's, which counts for this call alone. */
@Injectable()
export class LearnerGuard implements CanActivate {
  constructor(
    private readonly sessions: LearnerSessions,
    private readonly tokens: PortalTokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<LearnerRequest>();
    const learner = await this.identify(request);
    if (!learner) {
      http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
      throw new Unauthorized('not_signed_in');
    }
    request.learner = learner;
    return true;
  }

  /** A bearer token decides alone; a cookie beside it is not looked at. */
  private async identify(request: LearnerRequest): Promise<Learner | null> {
    const bearer = bearerToken(request.headers.authorization);
    if (bearer === null) return this.sessions.of(request);
    const contactId = await this.tokens.spend(bearer);
    if (contactId === null) return null;
    return { contactId, via: 'token', mailboxKey: null, sessionId: null };
  }
}

/** Only for somebody logged in to Mina sidor; what staff or an API key may do counts for nothing here. */
export const LearnerOnly = () =>
  applyDecorators(SetMetadata(LEARNER, true), UseGuards(LearnerGuard));
