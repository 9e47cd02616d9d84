import { performance } from 'node:perf_hooks';
import type { SmsRecipient } from '../../../src/features/channels/sms/sms-channel';
import {
  TwilioChannel,
  type TwilioSettings,
} from '../../../src/features/channels/sms/twilio/twilio.channel';
import { newId } from '../../../src/platform/ids';
import { TWILIO, TwilioStub, type TwilioMode } from '../../provider-stub/twilio-stub';

const LINK = 'https://u.example/s/abcdefghijklmnop';

let stub: TwilioStub;
let channel: TwilioChannel;

function open(more: Partial<TwilioSettings> = {}): TwilioChannel {
  const { accountSid, authToken, from } = TWILIO;
  const statusUrl = 'https://utskick.example/webhooks/twilio/status';
  return new TwilioChannel({ accountSid, authToken, from, baseUrl: stub.url, statusUrl, ...more });
}

beforeEach(async () => {
  stub = await TwilioStub.start();
  channel = open();
});

afterEach(async () => {
  channel.close();
  await stub.stop();
});

const recipient = (n = 0, more: Partial<SmsRecipient> = {}): SmsRecipient => ({
  messageId: newId(),
  to: `+4670174${String(1000 + n)}`,
  body: `Lärkraft: Hösten är här, å ä ö.\nAvsluta prenumeration: ${LINK}`,
  validSeconds: 600,
  unsubscribeUrl: LINK,
  ...more,
});

const handOver = (recipients: SmsRecipient[], life = { start: 2_000, call: 10_000 }) =>
  channel.handOver({
    kind: 'marketing',
    recipients,
    startBy: performance.now() + life.start,
    deadline: performance.now() + life.start + life.call,
  });

describe('text messages by Twilio', () => {
  it('P-57: leave one by one, with our own id in the callback and ten minutes to live', async () => {
    const recipients = Array.from({ length: 100 }, (_, n) => recipient(n));
    const outcomes = await handOver(recipients);
    expect(outcomes.map(({ messageId }) => messageId)).toEqual(
      recipients.map(({ messageId }) => messageId),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(stub.account()).toEqual({ taken: 100, doubled: 0 });
    const first = stub.taken.find(({ messageId }) => messageId === recipients[0]!.messageId)!;
    expect(first).toMatchObject({
      to: recipients[0]!.to,
      from: TWILIO.from,
      body: recipients[0]!.body,
      validityPeriod: 600,
      statusCallback: `https://utskick.example/webhooks/twilio/status?mid=${recipients[0]!.messageId}`,
    });
    expect(outcomes[0]).toMatchObject({ providerId: first.sid });
  });

  it('leave by the Messaging Service where there is one', async () => {
    channel.close();
    channel = open({ from: undefined, messagingServiceSid: `MG${'a'.repeat(32)}` });
    await handOver([recipient()]);
    expect(stub.taken[0]!.from).toBe(`MG${'a'.repeat(32)}`);
  });

  it.each<[string, TwilioMode, object]>([
    [
      'a refusal',
      { kind: 'refuse', status: 400, code: 21610 },
      { kind: 'refused', code: 'twilio_21610', permanent: true },
    ],
    [
      'a wrong key',
      { kind: 'refuse', status: 401, code: 20003 },
      { kind: 'refused', breaker: true, permanent: false },
    ],
    [
      'a closed account',
      { kind: 'refuse', status: 403, code: 20005 },
      { kind: 'refused', breaker: true },
    ],
    [
      'too many',
      { kind: 'refuse', status: 429, code: 20429, retryAfter: '7' },
      { kind: 'rate_limited', retryAfterSeconds: 7 },
    ],
    [
      'a fault of theirs',
      { kind: 'refuse', status: 500, code: 20500 },
      { kind: 'unknown', code: 'twilio_20500' },
    ],
    [
      'a sender that is none',
      { kind: 'refuse', status: 400, code: 21606 },
      { kind: 'refused', breaker: true, permanent: false },
    ],
    [
      'silence after taking it',
      { kind: 'accept_then_drop' },
      { kind: 'unknown', code: 'ECONNRESET' },
    ],
    ['an answer that is none', { kind: 'unreadable' }, { kind: 'unknown' }],
  ])('say what %s proves', async (_, mode, expected) => {
    stub.mode = mode;
    const [outcome] = await handOver([recipient()]);
    expect(outcome).toMatchObject(expected);
  });

  it('are unknown when no answer comes in time, and are asked for only once', async () => {
    stub.mode = { kind: 'accept_then_hang' };
    const [outcome] = await handOver([recipient()], { start: 200, call: 200 });
    expect(outcome).toMatchObject({ kind: 'unknown', code: 'deadline' });
    expect(stub.ledger.entries.filter(({ kind }) => kind === 'request')).toHaveLength(1);
  });

  it('are not begun when the permit is stale, nor when nobody is there', async () => {
    const [late] = await handOver([recipient()], { start: 0, call: 1_000 });
    expect(late).toMatchObject({ kind: 'not_sent', code: 'start_too_late' });
    await stub.stop();
    const [gone] = await handOver([recipient()]);
    expect(gone).toMatchObject({ kind: 'not_sent', code: 'ECONNREFUSED' });
    stub = await TwilioStub.start();
  });

  it.each<[string, Partial<SmsRecipient>, object]>([
    [
      'P-52: without its own way out',
      { body: 'Hej' },
      { kind: 'refused', code: 'no_opt_out_link' },
    ],
    [
      'without a link at all',
      { unsubscribeUrl: undefined },
      { kind: 'refused', code: 'no_opt_out' },
    ],
    ['to what is no number', { to: '0701740605' }, { kind: 'refused', code: 'unsafe_number' }],
    [
      'P-57: for longer than an hour',
      { validSeconds: 3_601 },
      { kind: 'refused', code: 'bad_validity' },
    ],
    ['after its hour', { validSeconds: 0 }, { kind: 'not_sent', code: 'outside_hours' }],
  ])('do not leave %s', async (_, more, expected) => {
    const [outcome] = await handOver([recipient(0, more)]);
    expect(outcome).toMatchObject(expected);
    expect(stub.ledger.entries).toEqual([]);
  });

  it('say nothing of the number in an explanation', async () => {
    stub.mode = { kind: 'refuse', status: 400, code: 21614 };
    const [outcome] = await handOver([recipient()]);
    expect(JSON.stringify(outcome)).not.toMatch(/\+46/);
  });
});
