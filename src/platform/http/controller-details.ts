import { brandOf } from '../config/brand';
import type { Env } from '../config/env';
import type { Controller } from './page';

/** Who we are and what we look like, for the head and the foot of every page. */
export function controllerOf(env: Env): Controller {
  return {
    name: env.CONTROLLER_NAME,
    brand: brandOf(env),
    address: env.CONTROLLER_ADDRESS,
    email: env.CONTROLLER_EMAIL,
    phone: env.CONTROLLER_PHONE,
  };
}
