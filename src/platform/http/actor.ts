import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { PERMISSIONS, type Permission } from './permissions';

/** Who does something: written in every audit and ledger entry. */
export interface Actor {
  type: 'staff' | 'api_key' | 'cli' | 'system' | 'recipient' | 'learner';
  id: string | null;
  permissions: ReadonlySet<Permission>;
}

export const SYSTEM: Actor = { type: 'system', id: null, permissions: new Set() };
export const RECIPIENT: Actor = { type: 'recipient', id: null, permissions: new Set() };

/** The person at the keyboard of the server; has every permission. */
export const OPERATOR: Actor = { type: 'cli', id: null, permissions: new Set(PERMISSIONS) };

export interface AuthenticatedRequest extends Request {
  actor?: Actor;
}

/** The actor that the guard found; only on routes with `@Permit`. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new Error('@CurrentActor on a route without @Permit');
  return actor;
});
