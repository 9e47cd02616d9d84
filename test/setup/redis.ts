import Redis from 'ioredis';

/** The URL of an empty Redis database of this Jest worker's own; it runs one spec file at a time. */
export async function createTestRedis(): Promise<string> {
  const server = process.env.TEST_REDIS_URL;
  if (!server)
    throw new Error('redis-server is not installed: on Debian, apt-get install redis-server.');
  const url = `${server}/${process.env.JEST_WORKER_ID ?? 0}`;
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
  return url;
}
