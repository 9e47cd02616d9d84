import type { Env } from '../config/env';
import { SettingsFault } from '../config/load-env';
import type { Sql } from './database';

const NEEDED = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** An acknowledged no must survive a power cut: production refuses a Postgres that may forget commits. */
export async function requireDurability(sql: Sql, env: Env): Promise<void> {
  const rows = await sql.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name = ANY($1) AND setting = 'off'`,
    [NEEDED],
  );
  if (rows.length === 0 || env.NODE_ENV !== 'production') return;
  throw new SettingsFault(
    rows.map(({ name }) => `Postgres runs with ${name}=off; commits may be forgotten`),
  );
}
