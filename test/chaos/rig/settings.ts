import { randomBytes } from 'node:crypto';
import { ADDRESS_KEYS } from './people';
import type { Provider } from './provider';

/** Settings that every process of a rig shares. */
export function settings(provider: Provider, webPort: number): Record<string, string> {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DEMO: 'false',
    PUBLIC_URL: `http://localhost:${webPort}`,
    ADDRESS_KEYS,
    LINK_KEYS: `v1:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    ...provider.settings,
    APPROVAL_ABOVE: '1000000',
    CONFIRM_ABOVE: '1000000',
    LAUNCH_REGRET_SECONDS: '0',
    OPT_OUT_CHECK_MINUTES: '0',
  };
}
