import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { learnerCors } from '../features/my-pages/embed/learner-cors';
import type { Env } from '../platform/config/env';
import { anyBody } from '../platform/http/any-body';
import { strictJson } from '../platform/http/strict-json';
import { BUILD } from '../platform/operations/build';
import { Metrics } from '../platform/operations/metrics';

/** Bodies: JSON for machines; SendGrid posts up to 768 KB, and the default of 100 KB would lose them. */
const JSON_LIMIT = '2mb';

const OPERATIONS = /^\/(healthz|readyz|metrics|version)$/;

/** Parsers, headers and documentation; the same in tests and in production. */
export function configureHttp(app: NestExpressApplication, env: Env, web: boolean): void {
  app.set('trust proxy', env.TRUST_PROXY);
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: env.PUBLIC_URL.startsWith('https://'),
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(contentSecurityPolicy);
  app.enableCors(learnerCors(env));
  if (!web) app.use(onlyOperations);
  // Only what is the same for everybody: packing an answer that holds secrets can tell them (BREACH).
  app.use('/app', compression());
  app.use(['/u', '/s'], countFaults(app.get(Metrics)));
  // Nothing about its body may make an opt-out fail (P-06, P-07).
  app.use(['/u', '/s'], anyBody);
  // Bytes that a signature covers are checked as they came; only then does anything parse them.
  const signed = ({ url }: IncomingMessage) =>
    url?.startsWith('/webhooks/sendgrid/events') ?? false;
  app.useBodyParser('raw', { limit: JSON_LIMIT, type: signed });
  app.useBodyParser('json', { limit: JSON_LIMIT });
  app.useBodyParser('urlencoded', { limit: '64kb', extended: false });
  app.use('/api', strictJson);
}

/** Pages set a policy of their own; answers for machines allow nothing, and the API's documentation its own files. */
function contentSecurityPolicy(request: Request, response: Response, next: NextFunction): void {
  const docs = request.path.startsWith('/api/docs');
  response.set(
    'Content-Security-Policy',
    docs
      ? "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
      : "default-src 'none'; frame-ancestors 'none'",
  );
  next();
}

function countFaults(metrics: Metrics) {
  return (_: Request, response: Response, next: NextFunction): void => {
    response.once('finish', () => {
      const status = response.statusCode;
      if (status >= 400) metrics.optOutFaults.inc({ status: String(status) });
    });
    next();
  };
}

/** A worker answers probes and nothing else. */
function onlyOperations(request: Request, response: Response, next: NextFunction): void {
  if (OPERATIONS.test(request.path)) next();
  else response.status(404).json({ status: 404, code: 'not_found' });
}

export function openApiDocument(app: NestExpressApplication): OpenAPIObject {
  return SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Utskick')
      .setDescription(
        'Newsletters and marketing where a no is a no. All times are ISO 8601 instants in UTC.',
      )
      .setVersion(BUILD.version)
      .addBearerAuth()
      .build(),
  );
}

export function serveOpenApi(app: NestExpressApplication): void {
  // Made when somebody first asks: a start would wait a tenth of a second for it.
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
  });
}
