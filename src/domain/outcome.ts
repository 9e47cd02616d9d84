import type { MessageState } from './message-state';

/** What a hand-over came to. All but `unknown` are proof; `unknown` is never tried again by itself. */
export type HandOverOutcome =
  | { kind: 'accepted' }
  /** Provably no provider has it. */
  | { kind: 'not_sent'; code: string }
  | { kind: 'rate_limited'; retryAfterSeconds: number | null }
  | {
      kind: 'refused';
      code: string;
      /** Our own credentials are at fault: stop the channel, the messages are not to blame. */
      breaker: boolean;
      /** One recipient may have spoilt the request for all: try its halves. */
      bisect: boolean;
      /** The provider says that a later try may do. */
      temporary: boolean;
    }
  | { kind: 'unknown'; code: string };

export interface HttpResult {
  provider: 'sendgrid' | 'twilio';
  /** How far the request came: no byte written, some written, or an answer read. */
  phase: 'before_bytes' | 'after_bytes' | 'response';
  status?: number;
  /** The socket's error code, or the provider's own error number. */
  code?: string | number;
  /** Retry-After, in seconds. */
  retryAfter?: string | number;
  /** Twilio's SID. Without it a 201 could not be read. */
  providerId?: string;
}

/** SendGrid answers these without taking anything: a 4xx outside the list proves nothing. */
const SENDGRID_REFUSALS: readonly number[] = [400, 401, 403, 404, 413, 415];
const LONGEST_WAIT_SECONDS = 3600;

/**
 * The outcome of one HTTP hand-over. What is not proof is unknown: a 5xx, a timeout after the first byte, an
 * answer that cannot be read.
 */
export function classifyHttp(result: HttpResult): HandOverOutcome {
  const code = String(result.code ?? result.status ?? result.phase);
  if (result.phase === 'before_bytes') return { kind: 'not_sent', code };
  if (result.phase === 'after_bytes' || result.status === undefined) {
    return { kind: 'unknown', code };
  }
  const { status } = result;
  if (isAcceptance(result)) return { kind: 'accepted' };
  if (status === 429) {
    return { kind: 'rate_limited', retryAfterSeconds: waitFor(result.retryAfter) };
  }
  if (!isRefusal(result.provider, status)) return { kind: 'unknown', code };
  return {
    kind: 'refused',
    code,
    breaker:
      status === 401 ||
      status === 403 ||
      (result.provider === 'twilio' && TWILIO_OUR_FAULT.includes(code)),
    // A Twilio request carries one recipient: there is nothing to halve.
    bisect: result.provider === 'sendgrid' && (status === 400 || status === 413),
    temporary: false,
  };
}

/**
 * Twilio's errors that are about our account or our sender: no message is to blame, and every one would meet them
 * (https://www.twilio.com/docs/api/errors).
 */
const TWILIO_OUR_FAULT: readonly string[] = [
  '20003', // authentication
  '20005', // account not active
  '20404', // no such account
  '21212', // From is not valid
  '21606', // From cannot send text messages
  '21659', // From is not ours
  '21660', // From belongs to another account
  '21701', // no such Messaging Service
  '21703', // the Messaging Service has no sender
];

const isAcceptance = ({ provider, status, providerId }: HttpResult): boolean =>
  provider === 'sendgrid' ? status === 202 : status === 201 && (providerId ?? '') !== '';

const isRefusal = (provider: HttpResult['provider'], status: number): boolean =>
  provider === 'sendgrid'
    ? SENDGRID_REFUSALS.includes(status)
    : status >= 400 && status < 500 && status !== 408;

/** A date or nonsense gives null: the caller then waits as long as it thinks fit. */
function waitFor(retryAfter: string | number | undefined): number | null {
  if (retryAfter === undefined || !/^\d+$/.test(String(retryAfter).trim())) return null;
  return Math.min(Math.max(Number(retryAfter), 1), LONGEST_WAIT_SECONDS);
}

const BEFORE_BYTES: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

/**
 * Socket errors that can only happen before the first byte of a request: for a client that does not say how
 * far it came. ECONNRESET, ETIMEDOUT, EPIPE and EPROTO are not among them: they also come later.
 */
export const provesNothingWritten = (code: string): boolean => BEFORE_BYTES.includes(code);

export interface SmtpResult {
  /** Where the conversation ended. `after_dot`: the final dot may have been written. */
  stage: 'before_mail' | 'mail' | 'rcpt' | 'data' | 'after_dot';
  /** The server's reply, if there was one. */
  reply?: number;
  /** The socket's error code. */
  code?: string;
}

/**
 * The outcome of one SMTP conversation. Until the final dot a server may keep nothing (RFC 5321 4.1.1.4), so
 * a lost connection is harmless there; after it only a reply tells, and 421 means it may be gone before telling.
 */
export function classifySmtp({ stage, reply, code }: SmtpResult): HandOverOutcome {
  const name = String(reply ?? code ?? stage);
  if (stage === 'after_dot') {
    if (reply === 250) return { kind: 'accepted' };
    return isSmtpRefusal(reply) ? refusedBySmtp(reply, false) : { kind: 'unknown', code: name };
  }
  return isSmtpRefusal(reply)
    ? refusedBySmtp(reply, stage === 'before_mail' && reply >= 500)
    : { kind: 'not_sent', code: name };
}

const isSmtpRefusal = (reply: number | undefined): reply is number =>
  reply !== undefined && reply >= 400 && reply < 600 && reply !== 421;

const refusedBySmtp = (reply: number, breaker: boolean): HandOverOutcome => ({
  kind: 'refused',
  code: String(reply),
  breaker,
  bisect: false,
  temporary: reply < 500,
});

/** Where a handed-over message goes on this outcome; a spoilt request is halved first (`bisect`). */
export function stateAfter(outcome: HandOverOutcome): MessageState {
  switch (outcome.kind) {
    case 'accepted':
      return 'ACCEPTED';
    case 'not_sent':
    case 'rate_limited':
      return 'RETRY_WAIT';
    case 'refused':
      return outcome.breaker || outcome.temporary ? 'RETRY_WAIT' : 'REJECTED';
    case 'unknown':
      return 'UNKNOWN';
  }
}
