import { defineConfig } from 'prisma/config';

/** Read by the Prisma CLI only; the service opens its own connections (src/platform/database). */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://unused@localhost/unused' },
});
