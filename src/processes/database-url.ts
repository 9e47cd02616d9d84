import type { Env } from '../platform/config/env';
import { EmbeddedPostgres, runningUrl } from '../platform/embedded-postgres/embedded-postgres';

export interface OpenDatabase {
  url: string;
  close(): Promise<void>;
}

/** DATABASE_URL, or our own Postgres in DATA_DIR: joined when it runs already, else started and owned. */
export async function openDatabase(env: Env, join: boolean): Promise<OpenDatabase> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, close: async () => undefined };
  const running = join ? await runningUrl(env.DATA_DIR) : null;
  if (running) return { url: running, close: async () => undefined };
  const server = new EmbeddedPostgres();
  return { url: await server.start(env.DATA_DIR), close: () => server.stop() };
}
