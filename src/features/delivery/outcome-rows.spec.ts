import type { Outcome } from '../channels/hand-over';
import { toRow } from './outcome-rows';

const messageId = '01a203c7-1e4e-7943-9775-b35fc302c279';

describe('what an outcome means for its message', () => {
  const cases: [Outcome, string, number | null][] = [
    [{ messageId, kind: 'accepted', providerId: 'x' }, 'ACCEPTED', null],
    [
      { messageId, kind: 'refused', code: 'http_400', detail: '', permanent: true },
      'REJECTED',
      null,
    ],
    [
      { messageId, kind: 'refused', code: 'smtp_451', detail: '', permanent: false },
      'RETRY_WAIT',
      60,
    ],
    [{ messageId, kind: 'rate_limited', retryAfterSeconds: 7 }, 'RETRY_WAIT', 7],
    [{ messageId, kind: 'not_sent', code: 'ECONNREFUSED' }, 'RETRY_WAIT', 10],
    [{ messageId, kind: 'not_sent', code: 'start_too_late' }, 'RETRY_WAIT', 0.5],
    [{ messageId, kind: 'unknown', code: 'ECONNRESET' }, 'UNKNOWN', null],
  ];

  it.each(cases)('%j → %s', (outcome, state, retrySeconds) => {
    expect(toRow(outcome, 1)).toMatchObject({ id: messageId, state, retrySeconds });
  });

  it('never leads from anything but proof back to another try', () => {
    const states = cases
      .filter(([{ kind }]) => kind === 'unknown')
      .map(([outcome]) => toRow(outcome, 1).state);
    expect(states).toEqual(['UNKNOWN']);
  });

  it('gives up a message that could not be sent twelve times, but not one that was only late', () => {
    expect(toRow({ messageId, kind: 'not_sent', code: 'ENOTFOUND' }, 12).state).toBe('REJECTED');
    expect(toRow({ messageId, kind: 'not_sent', code: 'start_too_late' }, 500).state).toBe(
      'RETRY_WAIT',
    );
  });
});
