import { randomUUID } from 'node:crypto';
import { LoggerModule } from 'nestjs-pino';
import type { IncomingMessage } from 'node:http';
import type { Env } from '../config/env';
import { isUuid } from '../ids';

/** JSON lines without personal data: no bodies, no headers, and of a path only which route it is. */
export function loggingModule(env: Env) {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: env.LOG_LEVEL,
      genReqId: () => randomUUID(),
      autoLogging: { ignore: (request) => /^\/(healthz|readyz|metrics)/.test(request.url ?? '') },
      customLogLevel: (_request, response, error) =>
        error || response.statusCode >= 500 ? 'error' : 'debug',
      serializers: {
        req: ({ id, method }: { id: string; method: string }) => ({ id, method }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
      customProps: (request: IncomingMessage & Routed) => routeOf(request),
    },
  });
}

interface Routed {
  route?: { path?: unknown };
  params?: Record<string, unknown>;
}

/**
 * `/u/:token`, and of what stands in the path only our own ids: the rest may be a token, an address that somebody
 * typed, or another system's id of a person. Nothing before the request has found its route, or when there is none.
 */
export function routeOf({ route, params = {} }: Routed): { route?: string; ids?: string[] } {
  if (typeof route?.path !== 'string' || route.path.includes('*')) return {};
  const ids = Object.values(params).filter(isUuid);
  return { route: route.path, ...(ids.length > 0 && { ids }) };
}
