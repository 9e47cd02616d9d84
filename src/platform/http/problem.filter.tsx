import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { Env } from '../config/env';
import { Refusal, Unavailable } from '../errors';
import { t, toLanguage, type Language } from '../i18n/i18n';
import { controllerOf } from './controller-details';
import { ContactLinks, Page, sendPage } from './page';

interface Problem {
  status: number;
  code: string;
  detail?: string;
  errors?: unknown;
  params?: Record<string, string | number>;
  retryAfterSeconds?: number;
}

/** Turns every refusal into problem+json (RFC 9457), or into a page for people. Bugs become a 500 and a log line. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(private readonly env: Env) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = this.toProblem(error);
    if (problem.retryAfterSeconds) response.set('Retry-After', String(problem.retryAfterSeconds));
    if (response.headersSent) {
      response.end();
    } else if (isForMachines(request)) {
      const { status, code, detail, errors, params } = problem;
      const body = { type: 'about:blank', title: code, status, code, detail, errors, params };
      response.status(status).type('application/problem+json').send(JSON.stringify(body));
    } else {
      sendPage(response, this.errorPage(toLanguage(request.query.lang), problem), problem.status);
    }
  }

  private toProblem(error: unknown): Problem {
    if (error instanceof Refusal) return { ...error, status: error.status, code: error.code };
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return { status, code: httpCode(status), detail: error.message };
    }
    if (isHttpError(error)) {
      return { status: error.status, code: httpCode(error.status), detail: error.message };
    }
    if (isConnectionFault(error)) {
      this.log.error(`database unreachable: ${(error as Error).message}`);
      return { status: 503, code: 'database_unavailable', retryAfterSeconds: 30 };
    }
    this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 500, code: 'internal_error' };
  }

  private errorPage(language: Language, problem: Problem) {
    const text =
      problem.status === 404
        ? 'notFound'
        : problem.status === 429
          ? 'tooMany'
          : problem.status === 403
            ? 'forbidden'
            : problem.status >= 500
              ? 'unavailable'
              : 'invalid';
    const controller = controllerOf(this.env);
    const title = t(language, `platform:error.${text}.title`);
    return (
      <Page language={language} title={title} controller={controller}>
        <h1>{title}</h1>
        <p>{t(language, `platform:error.${text}.what`)}</p>
        <p>
          {t(language, 'platform:error.help')} <ContactLinks controller={controller} />
        </p>
        {text === 'notFound' && <WaysOn language={language} />}
      </Page>
    );
  }
}

/** Nobody who came to say no is left at a dead end. */
function WaysOn({ language }: { language: Language }) {
  return (
    <ul>
      <li>
        <a href={`/avsluta?lang=${language}`}>{t(language, 'platform:error.stop')}</a>
      </li>
      <li>
        <a href={`/?lang=${language}`}>{t(language, 'platform:error.home')}</a>
      </li>
    </ul>
  );
}

function isForMachines(request: Request): boolean {
  return (
    /^\/(api|webhooks|healthz|readyz|metrics|version)(\/|$)/.test(request.path) ||
    request.accepts(['html', 'json']) === 'json'
  );
}

const HTTP_CODES: Record<number, string> = {
  400: 'malformed_request',
  401: 'not_signed_in',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
};

function httpCode(status: number): string {
  return HTTP_CODES[status] ?? (status >= 500 ? 'internal_error' : 'malformed_request');
}

/** Errors of Express and its body parsers carry a status of their own. */
function isHttpError(error: unknown): error is Error & { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return error instanceof Error && typeof status === 'number' && status >= 400 && status < 500;
}

/** Postgres away, restarting, or out of connections: the caller may try again, and nothing was written. */
export function isConnectionFault(error: unknown): boolean {
  if (error instanceof Unavailable) return true;
  const given = (error as { code?: unknown } | null)?.code;
  const code = typeof given === 'string' ? given : '';
  const message = error instanceof Error ? error.message : '';
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|57P0[123]|08\w{3}|53300|25P03|P1001|P1017)$/.test(
      code,
    ) || /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(message)
  );
}
