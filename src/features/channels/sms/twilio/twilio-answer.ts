import { classifyHttp } from '../../../../domain/outcome';
import type { Exchange } from '../../gated-https';
import type { Verdict } from '../../hand-over';

const DEFAULT_WAIT_SECONDS = 10;

interface TwilioBody {
  sid?: string;
  code?: number;
  message?: string;
}

/** What Twilio's answer, or its absence, proves about the message of the request. */
export function readAnswer(exchange: Exchange): Verdict {
  const body = exchange.kind === 'answer' ? read(exchange.body) : {};
  const outcome = classifyHttp(toResult(exchange, body));
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', providerId: body.sid! };
    case 'rate_limited':
      return {
        kind: 'rate_limited',
        retryAfterSeconds: outcome.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS,
      };
    case 'refused':
      return {
        kind: 'refused',
        code: body.code ? `twilio_${body.code}` : `http_${outcome.code}`,
        detail: withoutNumbers(body.message ?? ''),
        permanent: !outcome.temporary && !outcome.breaker,
        ...(outcome.breaker && { breaker: true }),
      };
    case 'not_sent':
      return outcome;
    case 'unknown':
      return { kind: 'unknown', code: outcome.code.replace(/^\d+$/, 'twilio_$&') };
  }
}

function toResult(exchange: Exchange, body: TwilioBody): Parameters<typeof classifyHttp>[0] {
  const provider = 'twilio';
  if (exchange.kind === 'not_written')
    return { provider, phase: 'before_bytes', code: exchange.code };
  if (exchange.kind === 'no_answer') return { provider, phase: 'after_bytes', code: exchange.code };
  const { status, headers } = exchange;
  return {
    provider,
    phase: 'response',
    status,
    ...(status !== 201 && body.code !== undefined && { code: body.code }),
    retryAfter: headers['retry-after'],
    ...(body.sid && { providerId: body.sid }),
  };
}

function read(text: string): TwilioBody {
  try {
    const { sid, code, message } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof sid === 'string' && { sid }),
      ...(typeof code === 'number' && { code }),
      ...(typeof message === 'string' && { message }),
    };
  } catch {
    // Not JSON (a proxy's page): an acceptance without a SID is none, and a refusal needs no explanation.
    return {};
  }
}

/** Twilio's words often repeat the number. */
function withoutNumbers(text: string): string {
  return text.replace(/\+?\d[\d\s-]{5,}\d/g, '[number]').slice(0, 300);
}
