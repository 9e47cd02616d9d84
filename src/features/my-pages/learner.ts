import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** A person who is logged in to Mina sidor: nobody but whom a route may show or change. */
export interface Learner {
  contactId: string;
  /** The portal's signed token, its OpenID provider, or a link mailed to the person. */
  via: 'token' | 'oidc' | 'link';
  /** Key of the mailbox that they have shown to read by this log-in; null: they have shown who they are and no more. */
  mailboxKey: Buffer | null;
  /** null: a single call with a token of its own. */
  sessionId: string | null;
}

/** Whom a log-in has found. */
export type Identified = Pick<Learner, 'contactId' | 'mailboxKey'>;

export interface LearnerRequest extends Request {
  learner?: Learner;
}

/** The person that the guard found; only on routes with `@LearnerOnly`. */
export const CurrentLearner = createParamDecorator(
  (_: unknown, context: ExecutionContext): Learner => {
    const { learner } = context.switchToHttp().getRequest<LearnerRequest>();
    if (!learner) throw new Error('@CurrentLearner on a route without @LearnerOnly');
    return learner;
  },
);
