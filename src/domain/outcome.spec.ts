import fc from 'fast-check';
import { canMove } from './message-state';
import {
  classifyHttp,
  classifySmtp,
  type HttpResult,
  provesNothingWritten,
  type SmtpResult,
  stateAfter,
} from './outcome';

const kindOf = (result: HttpResult): string => classifyHttp(result).kind;

describe('the outcome of an HTTP hand-over', () => {
  it.each([
    [202, 'accepted'],
    [200, 'unknown'],
    [204, 'unknown'],
    [302, 'unknown'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'unknown'],
    [413, 'refused'],
    [415, 'refused'],
    [429, 'rate_limited'],
    [500, 'unknown'],
    [502, 'unknown'],
    [503, 'unknown'],
    [504, 'unknown'],
    [599, 'unknown'],
  ])('P-36: SendGrid %i is %s', (status, kind) => {
    expect(kindOf({ provider: 'sendgrid', phase: 'response', status })).toBe(kind);
  });

  it.each([
    [201, undefined, 'SM0123456789', 'accepted'],
    [201, undefined, undefined, 'unknown'],
    [201, undefined, '', 'unknown'],
    [200, undefined, 'SM0123456789', 'unknown'],
    [400, 21211, undefined, 'refused'],
    [400, 21610, undefined, 'refused'],
    [401, 20003, undefined, 'refused'],
    [404, 20404, undefined, 'refused'],
    [408, undefined, undefined, 'unknown'],
    [429, 20429, undefined, 'rate_limited'],
    [500, 20500, undefined, 'unknown'],
    [503, undefined, undefined, 'unknown'],
  ])('P-36: Twilio %i with code %s and SID %s is %s', (status, code, providerId, kind) => {
    const answer = { provider: 'twilio', phase: 'response', status, code, providerId } as const;
    expect(kindOf(answer)).toBe(kind);
  });

  it.each([
    ['before_bytes', 'ECONNREFUSED', 'not_sent'],
    ['before_bytes', 'ENOTFOUND', 'not_sent'],
    ['before_bytes', 'ETIMEDOUT', 'not_sent'],
    ['before_bytes', 'ERR_TLS_CERT_ALTNAME_INVALID', 'not_sent'],
    ['after_bytes', 'ECONNRESET', 'unknown'],
    ['after_bytes', 'ETIMEDOUT', 'unknown'],
    ['after_bytes', 'EPIPE', 'unknown'],
    ['after_bytes', 'ECONNREFUSED', 'unknown'],
    ['after_bytes', 'ABORT_ERR', 'unknown'],
  ] as const)('P-36: %s %s is %s', (phase, code, kind) => {
    expect(classifyHttp({ provider: 'sendgrid', phase, code })).toEqual({ kind, code });
  });

  it('believes an answer only when it has been read', () => {
    expect(kindOf({ provider: 'sendgrid', phase: 'response' })).toBe('unknown');
    expect(kindOf({ provider: 'sendgrid', phase: 'after_bytes', status: 202 })).toBe('unknown');
  });

  it('P-37: halves a SendGrid request that one recipient may have spoilt, and no other', () => {
    const bisects = (provider: HttpResult['provider'], status: number): unknown =>
      classifyHttp({ provider, phase: 'response', status });
    expect(bisects('sendgrid', 400)).toMatchObject({ bisect: true, breaker: false });
    expect(bisects('sendgrid', 413)).toMatchObject({ bisect: true });
    expect(bisects('sendgrid', 404)).toMatchObject({ bisect: false });
    expect(bisects('twilio', 400)).toMatchObject({ bisect: false });
  });

  it.each([401, 403])('stops the channel, and keeps the messages, on %i', (status) => {
    const outcome = classifyHttp({ provider: 'sendgrid', phase: 'response', status });
    expect(outcome).toMatchObject({ kind: 'refused', breaker: true, bisect: false });
    expect(stateAfter(outcome)).toBe('RETRY_WAIT');
  });

  it("P-51: hands on Twilio's own number", () => {
    const answer = { provider: 'twilio', phase: 'response', status: 400, code: 21610 } as const;
    expect(classifyHttp(answer)).toMatchObject({ kind: 'refused', code: '21610' });
  });

  it.each([
    ['7', 7],
    [30, 30],
    ['0', 1],
    ['999999', 3600],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
    ['-5', null],
    [undefined, null],
  ])('P-37: waits, on 429 with Retry-After %s, %s seconds', (retryAfter, retryAfterSeconds) => {
    expect(
      classifyHttp({ provider: 'sendgrid', phase: 'response', status: 429, retryAfter }),
    ).toEqual({ kind: 'rate_limited', retryAfterSeconds });
  });

  it('never takes for unsent what may have been sent', () => {
    const anyResult = fc.record<HttpResult>({
      provider: fc.constantFrom('sendgrid', 'twilio'),
      phase: fc.constantFrom('before_bytes', 'after_bytes', 'response'),
      status: fc.integer({ min: 100, max: 599 }),
      code: fc.constantFrom('ECONNRESET', 'ECONNREFUSED', 21610),
    });
    fc.assert(
      fc.property(anyResult, (result) => {
        const outcome = classifyHttp(result);
        expect(canMove('HANDED_OVER', stateAfter(outcome), 'outcome')).toBe(true);
        if (result.phase === 'before_bytes') expect(outcome.kind).toBe('not_sent');
        else expect(outcome.kind).not.toBe('not_sent');
        if (result.phase === 'after_bytes') expect(outcome.kind).toBe('unknown');
        const definite = (result.status ?? 0) >= 400 && (result.status ?? 0) < 500;
        if (outcome.kind === 'refused' || outcome.kind === 'rate_limited') {
          expect(definite).toBe(true);
        }
      }),
    );
  });
});

describe('socket errors', () => {
  it('prove that nothing was written only when they cannot come later', () => {
    expect(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'].every(provesNothingWritten)).toBe(
      true,
    );
    const late = ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EPROTO', 'ABORT_ERR', ''];
    expect(late.some(provesNothingWritten)).toBe(false);
  });
});

describe('the outcome of an SMTP conversation', () => {
  it.each<[SmtpResult, string, string]>([
    [{ stage: 'before_mail', code: 'ECONNREFUSED' }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'before_mail', code: 'ETIMEDOUT' }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'before_mail', reply: 421 }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'before_mail', reply: 535 }, 'refused', 'RETRY_WAIT'],
    [{ stage: 'before_mail', reply: 454 }, 'refused', 'RETRY_WAIT'],
    [{ stage: 'mail', reply: 550 }, 'refused', 'REJECTED'],
    [{ stage: 'rcpt', reply: 550 }, 'refused', 'REJECTED'],
    [{ stage: 'rcpt', reply: 450 }, 'refused', 'RETRY_WAIT'],
    [{ stage: 'rcpt', reply: 421 }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'rcpt', code: 'ECONNRESET' }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'data', reply: 554 }, 'refused', 'REJECTED'],
    [{ stage: 'data', reply: 451 }, 'refused', 'RETRY_WAIT'],
    [{ stage: 'data', code: 'ECONNRESET' }, 'not_sent', 'RETRY_WAIT'],
    [{ stage: 'after_dot', reply: 250 }, 'accepted', 'ACCEPTED'],
    [{ stage: 'after_dot', reply: 554 }, 'refused', 'REJECTED'],
    [{ stage: 'after_dot', reply: 452 }, 'refused', 'RETRY_WAIT'],
    [{ stage: 'after_dot', reply: 421 }, 'unknown', 'UNKNOWN'],
    [{ stage: 'after_dot', reply: 354 }, 'unknown', 'UNKNOWN'],
    [{ stage: 'after_dot', reply: 252 }, 'unknown', 'UNKNOWN'],
    [{ stage: 'after_dot', code: 'ETIMEDOUT' }, 'unknown', 'UNKNOWN'],
    [{ stage: 'after_dot', code: 'ECONNRESET' }, 'unknown', 'UNKNOWN'],
    [{ stage: 'after_dot' }, 'unknown', 'UNKNOWN'],
  ])('P-36: %j is %s, and the message %s', (result, kind, state) => {
    const outcome = classifySmtp(result);
    expect(outcome.kind).toBe(kind);
    expect(stateAfter(outcome)).toBe(state);
  });

  it('stops the channel when the log-in is refused', () => {
    expect(classifySmtp({ stage: 'before_mail', reply: 535 })).toMatchObject({ breaker: true });
    expect(classifySmtp({ stage: 'rcpt', reply: 550 })).toMatchObject({ breaker: false });
  });
});
