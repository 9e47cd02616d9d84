import type { Env } from '../config/env';
import type { Controller } from './page';

/** Who we are, for the foot of every page and mail. */
export function controllerOf(env: Env): Controller {
  return {
    name: env.CONTROLLER_NAME,
    address: env.CONTROLLER_ADDRESS,
    email: env.CONTROLLER_EMAIL,
    phone: env.CONTROLLER_PHONE,
  };
}
