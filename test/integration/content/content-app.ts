import request from 'supertest';
import { ContentModule } from '../../../src/features/content/content.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import type { Permission } from '../../../src/platform/http/permissions';
import { asActor, createTestApp } from '../../setup/app';
import { createTestDatabase } from '../../setup/database';

/** The content room behind HTTP, on a database of its own. */
export async function startContentApp(settings: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const env = loadEnv({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PUBLIC_URL: 'https://utskick.example',
    ADDRESS_KEYS: `v1:${Buffer.alloc(32, 1).toString('base64')}`,
    LINK_KEYS: `v1:${Buffer.alloc(32, 2).toString('base64')}`,
    SESSION_SECRET: 'a secret for tests, thirty-two signs',
    ...settings,
  });
  const app = await createTestApp(env, database.url, [ContentModule]);
  const http = request(app.getHttpServer());
  return {
    app,
    db: app.get(Database),
    http,
    as: (...permissions: Permission[]) => ({
      get: (path: string) => http.get(path).set(asActor(...permissions)),
      put: (path: string, body: object) =>
        http
          .put(path)
          .set(asActor(...permissions))
          .send(body),
      delete: (path: string) => http.delete(path).set(asActor(...permissions)),
      upload: (bytes: Buffer, name: string) =>
        http
          .post('/api/v1/assets')
          .set(asActor(...permissions))
          .attach('file', bytes, name),
      post: (path: string, body: object) =>
        http
          .post(path)
          .set(asActor(...permissions))
          .send(body),
    }),
    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
}

export type ContentApp = Awaited<ReturnType<typeof startContentApp>>;

export const inText = (words: string) =>
  `<mj-section><mj-column><mj-text>${words}</mj-text></mj-column></mj-section>`;
