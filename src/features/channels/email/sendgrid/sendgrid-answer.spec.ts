import type { Exchange } from '../../gated-https';
import { readAnswer } from './sendgrid-answer';

const answer = (
  status: number,
  errors: object[] = [],
  headers: Record<string, string> = {},
): Exchange => ({
  kind: 'answer',
  status,
  headers,
  body: JSON.stringify({ errors }),
});

describe('SendGrid’s answer', () => {
  it('names the recipients that a refusal is about', () => {
    const fields = ['personalizations.3.to.0.email', 'personalizations.17.to.0.email'];
    const read = readAnswer(
      answer(
        400,
        fields.map((field) => ({ field, message: 'No.' })),
      ),
    );
    expect(read).toMatchObject({
      divisible: true,
      verdict: { kind: 'refused', code: 'http_400', permanent: true },
    });
    expect([...read.named]).toEqual([3, 17]);
  });

  it.each([
    [400, 'from.email', false],
    [400, 'content', false],
    [400, 'personalizations', true],
    [400, null, true],
    [413, 'content', true],
    [403, 'from', false],
  ])('P-37 divides a request refused with %d about %s: %s', (status, field, divisible) => {
    expect(readAnswer(answer(status, [{ field, message: 'No.' }])).divisible).toBe(divisible);
  });

  it('is kept without the addresses it repeats', () => {
    const message = 'Address <asa.ek@example.com> (also a+b@sub.example.com) is bad';
    expect(readAnswer(answer(400, [{ field: null, message }])).verdict).toMatchObject({
      detail: 'Address <[address]> (also [address]) is bad',
    });
  });

  it.each(['<html>502</html>', '', 'null', '{"errors":"x"}', '{"errors":[null,1]}'])(
    'is understood by its status when its body is %j',
    (body) => {
      expect(readAnswer({ kind: 'answer', status: 400, headers: {}, body })).toMatchObject({
        verdict: { kind: 'refused', detail: '' },
        divisible: true,
      });
    },
  );

  it('P-37 waits for the window of SendGrid’s own limiter, on its own clock', () => {
    const headers = { date: 'Sun, 22 Nov 2026 12:00:00 GMT', 'x-ratelimit-reset': '1795348812' };
    expect(readAnswer(answer(429, [], headers)).verdict).toEqual({
      kind: 'rate_limited',
      retryAfterSeconds: 1795348812 - Date.UTC(2026, 10, 22, 12) / 1000,
    });
  });

  it.each([401, 403])('stops the channel on %d and leaves the mail unharmed', (status) => {
    expect(readAnswer(answer(status)).verdict).toMatchObject({
      kind: 'refused',
      permanent: false,
      breaker: true,
    });
  });

  it('is proof of nothing when it does not come, or comes as a fault', () => {
    expect(readAnswer({ kind: 'no_answer', code: 'ECONNRESET' }).verdict).toEqual({
      kind: 'unknown',
      code: 'ECONNRESET',
    });
    expect(readAnswer({ kind: 'not_written', code: 'ECONNRESET' }).verdict).toEqual({
      kind: 'not_sent',
      code: 'ECONNRESET',
    });
    expect(readAnswer(answer(500)).verdict).toEqual({ kind: 'unknown', code: 'http_500' });
  });
});
