import { SetMetadata } from '@nestjs/common';
import type { Permission } from './permissions';

export const PUBLIC = 'utskick:public';
export const PERMIT = 'utskick:permit';
export const LEARNER = 'utskick:learner';

/**
 * Anyone may call this route. `anyOrigin` also lets unsafe methods in from elsewhere: RFC 8058
 * one-click posts, signed webhooks; nothing that trusts a cookie.
 */
export const Public = (options: { anyOrigin?: boolean } = {}) => SetMetadata(PUBLIC, options);

/** Staff or API keys holding this permission may call this route; `'signed-in'` is any of them. */
export const Permit = (permission: Permission | 'signed-in') => SetMetadata(PERMIT, permission);
