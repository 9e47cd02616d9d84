import { brandOf } from '../../platform/config/brand';
import type { Env } from '../../platform/config/env';
import type { Sender } from './compile';

/** The controller as every mail names it; a campaign may choose another display name, nothing else. */
export function senderFrom(env: Env, name?: string | null): Sender {
  return {
    name: name?.trim() || (brandOf(env).name ?? env.CONTROLLER_NAME),
    legalName: env.CONTROLLER_NAME,
    postalAddress: env.CONTROLLER_ADDRESS,
    email: env.CONTROLLER_EMAIL,
    phone: env.CONTROLLER_PHONE,
    publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
    authority: env.AUTHORITY,
  };
}
