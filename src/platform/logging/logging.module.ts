import { randomUUID } from 'node:crypto';
import { LoggerModule } from 'nestjs-pino';
import type { IncomingMessage } from 'node:http';
import type { Env } from '../config/env';

/** JSON lines without personal data: no bodies, no headers, and no tokens in paths. */
export function loggingModule(env: Env) {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: env.LOG_LEVEL,
      genReqId: () => randomUUID(),
      autoLogging: { ignore: (request) => /^\/(healthz|readyz|metrics)/.test(request.url ?? '') },
      customLogLevel: (_request, response, error) =>
        error || response.statusCode >= 500 ? 'error' : 'debug',
      serializers: {
        req: (request: IncomingMessage & { id: string }) => ({
          id: request.id,
          method: request.method,
          path: pathWithoutTokens(request.url ?? ''),
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
    },
  });
}

/** `/u/abc?x=y` → `/u/:token`; the query may hold an address and is dropped. */
export function pathWithoutTokens(url: string): string {
  return url
    .replace(/[?#].*$/, '')
    .replace(/^\/(u|s|preferences|why|view|confirm)\/[^/]+/, '/$1/:token')
    .replace(/^(\/webhooks\/sendgrid\/inbound)\/.*/, '$1/:secret');
}
