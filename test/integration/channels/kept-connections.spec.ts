import { setImmediate as tick, setTimeout as wait } from 'node:timers/promises';
import { SendGridChannel } from '../../../src/features/channels/email/sendgrid/sendgrid.channel';
import { SendGridStub, type SendGridMode } from '../../provider-stub/sendgrid-stub';
import { recipient, request } from './mails';

const SOAK = 400;

let stub: SendGridStub;
let channel: SendGridChannel;
let n = 0;

beforeEach(async () => {
  stub = await SendGridStub.start();
  channel = new SendGridChannel({ apiKey: 'SG.test', baseUrl: stub.url, environment: 'test' });
});
afterEach(async () => {
  channel.close();
  await stub.stop();
});

const handOver = async () => (await channel.handOver(request([recipient((n += 1))])))[0]!.kind;
const asked = () => stub.ledger.entries.filter(({ kind }) => kind === 'request').length;

const FAULTS: [string, SendGridMode][] = [
  ['a reset after it took the mail', { kind: 'accept_then_drop' }],
  ['an end without an answer', { kind: 'drop' }],
  ...[500, 503, 429, 401].map((status): [string, SendGridMode] => [
    `the status ${status}`,
    { kind: 'status', status },
  ]),
];

/** Resets have come in: timers run before what the network brought, immediates after it. */
const noticed = async (): Promise<void> => {
  await wait(10);
  await tick();
  await tick();
};

describe('connections that are kept for the next request', () => {
  it.each(FAULTS)(
    'faults 14, 15: makes one request and no other when a used connection answers by %s',
    async (_, mode) => {
      expect(await handOver()).toBe('accepted');
      stub.answerNext(mode);
      const kind = await handOver();
      expect(stub.connections).toBe(1);
      expect(asked()).toBe(2);
      if (mode.kind !== 'status' || mode.status >= 500) expect(kind).toBe('unknown');
      else expect(kind).not.toBe('accepted');
      expect(await handOver()).toBe('accepted');
      expect(asked()).toBe(3);
      expect(stub.account().doubled).toBe(0);
    },
  );

  it('fault 14: takes a new connection when the kept one was reset before the request', async () => {
    expect(await handOver()).toBe('accepted');
    stub.hangUp();
    await noticed();
    expect(await handOver()).toBe('accepted');
    expect(stub.connections).toBe(2);
  });

  it(`fault 14: leaves nothing unknown over ${SOAK} requests while kept connections are reset every now and then`, async () => {
    const kinds: Record<string, number> = {};
    for (let sent = 0; sent < SOAK; sent += 8) {
      for (const kind of await Promise.all(Array.from({ length: 8 }, handOver))) {
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
      if (sent % 40 === 0) {
        stub.hangUp();
        await noticed();
      }
    }
    expect(kinds).toEqual({ accepted: SOAK });
    expect(stub.account()).toEqual({ taken: SOAK, doubled: 0 });
  });
});
