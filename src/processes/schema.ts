import type { Env } from '../platform/config/env';
import { SettingsFault } from '../platform/config/load-env';
import { applyMigrations, pendingMigrations } from '../platform/database/migrations';

/** The embedded database is ours alone; an external one is migrated by `migrate`, as a step of its own. */
export async function readySchema(env: Env, url: string): Promise<void> {
  if (env.embedded) await applyMigrations(url);
  else await refuseOldSchema(url);
}

async function refuseOldSchema(url: string): Promise<void> {
  const pending = await pendingMigrations(url);
  if (pending.length === 0) return;
  throw new SettingsFault([
    `the database lacks ${pending.length} migrations; run: node dist/main.js migrate`,
  ]);
}
