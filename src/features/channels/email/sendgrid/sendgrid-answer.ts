import type { IncomingHttpHeaders } from 'node:http';
import { classifyHttp } from '../../../../domain/outcome';
import type { Exchange } from '../../gated-https';
import type { Verdict } from '../../hand-over';
import { withoutAddresses } from '../outgoing-checks';

const DEFAULT_WAIT_SECONDS = 30;

interface ApiError {
  message?: string;
  field?: string | null;
}

export interface SendGridAnswer {
  verdict: Verdict;
  /** SendGrid refused all because of some: what these are may be found by dividing the request. */
  divisible: boolean;
  /** Indexes of the personalizations that the refusal names. */
  named: ReadonlySet<number>;
}

/** What SendGrid's answer, or its absence, proves about the messages of the request. */
export function readAnswer(exchange: Exchange): SendGridAnswer {
  const { named, wholeRequest } = exchange.kind === 'answer' ? blamed(exchange.body) : NOBODY;
  const outcome = classifyHttp(toResult(exchange));
  const answer = (verdict: Verdict, divisible = false) => ({ verdict, divisible, named });
  switch (outcome.kind) {
    case 'accepted': {
      const providerId = exchange.kind === 'answer' ? exchange.headers['x-message-id'] : undefined;
      return answer({ kind: 'accepted', ...(typeof providerId === 'string' && { providerId }) });
    }
    case 'rate_limited': {
      const retryAfterSeconds = outcome.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS;
      return answer({ kind: 'rate_limited', retryAfterSeconds });
    }
    case 'refused': {
      const verdict: Verdict = {
        kind: 'refused',
        code: `http_${outcome.code}`,
        detail: exchange.kind === 'answer' ? explanation(exchange.body) : '',
        permanent: !outcome.temporary && !outcome.breaker,
        ...(outcome.breaker && { breaker: true }),
      };
      // Too large is mended by halving, whatever field it names; asking about `from` or `content` in halves is not.
      const tooLarge = exchange.kind === 'answer' && exchange.status === 413;
      return answer(verdict, outcome.bisect && (tooLarge || !wholeRequest));
    }
    case 'not_sent':
      return answer(outcome);
    case 'unknown':
      return answer({ kind: 'unknown', code: outcome.code.replace(/^\d+$/, 'http_$&') });
  }
}

function toResult(exchange: Exchange): Parameters<typeof classifyHttp>[0] {
  const provider = 'sendgrid';
  if (exchange.kind === 'not_written')
    return { provider, phase: 'before_bytes', code: exchange.code };
  if (exchange.kind === 'no_answer') return { provider, phase: 'after_bytes', code: exchange.code };
  const { status, headers } = exchange;
  return { provider, phase: 'response', status, retryAfter: waitSeconds(headers) };
}

/** Retry-After, or what SendGrid's own limiter gives instead: the second its window ends, on its own clock. */
export function waitSeconds(headers: IncomingHttpHeaders): string | number | undefined {
  const windowEnd = Number(headers['x-ratelimit-reset']) - Date.parse(headers.date ?? '') / 1000;
  return headers['retry-after'] ?? (windowEnd >= 0 ? Math.ceil(windowEnd) : undefined);
}

const NOBODY = { named: new Set<number>(), wholeRequest: false };

/** Whom the refusal is about: some recipients, or a field of the request itself (from, content …). */
function blamed(body: string): { named: Set<number>; wholeRequest: boolean } {
  const fields = errorsIn(body).map(({ field }) => field ?? '');
  const named = new Set<number>();
  for (const field of fields) {
    const index = /^personalizations\.(\d+)\./.exec(field)?.[1];
    if (index !== undefined) named.add(Number(index));
  }
  const wholeRequest = fields.some(
    (field) => field !== '' && !field.startsWith('personalizations'),
  );
  return { named, wholeRequest };
}

function explanation(body: string): string {
  const messages = errorsIn(body).map(({ field, message }) =>
    [field, message].filter(Boolean).join(': '),
  );
  return withoutAddresses(messages.join(' · '));
}

function errorsIn(body: string): ApiError[] {
  try {
    const { errors } = JSON.parse(body) as { errors?: unknown };
    return Array.isArray(errors)
      ? (errors as ApiError[]).filter((error) => typeof error === 'object' && error !== null)
      : [];
  } catch {
    // Not JSON (a proxy's page): there is no explanation, and the status has decided already.
    return [];
  }
}
