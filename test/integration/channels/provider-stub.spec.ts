import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { SendGridChannel } from '../../../src/features/channels/email/sendgrid/sendgrid.channel';
import {
  isSignedBySendGrid,
  readWebhookKey,
} from '../../../src/features/channels/email/sendgrid-signature';
import { SmtpChannel } from '../../../src/features/channels/email/smtp/smtp.channel';
import { Clock } from '../../../src/platform/clock';
import { scrambled, SendGridEvents } from '../../provider-stub/sendgrid-events';
import { StubProcess } from '../../provider-stub/stub-process';
import { messageId, recipients, request } from './mails';

describe('a stub in a process of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'utskick-stub-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps an account of what it took that outlives everybody', async () => {
    const file = join(directory, 'sendgrid.jsonl');
    const stub = await StubProcess.start('sendgrid', file);
    const channel = new SendGridChannel({
      apiKey: 'SG.test',
      baseUrl: stub.url,
      environment: 'test',
    });
    await channel.handOver(request(recipients(3)));
    await stub.setMode({ kind: 'status', status: 503 });
    await channel.handOver(request(recipients(4)));
    expect(await stub.account()).toEqual({ taken: 3, doubled: 0 });
    channel.close();
    await stub.stop();
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const taken = lines.map((line) => JSON.parse(line) as { kind: string; messageIds: string[] });
    expect(taken.filter(({ kind }) => kind === 'taken')).toMatchObject([
      { messageIds: [1, 2, 3].map(messageId) },
    ]);
  });

  it('does so for SMTP', async () => {
    const stub = await StubProcess.start('smtp');
    const channel = new SmtpChannel({ url: stub.url }, new Clock());
    await channel.handOver(request(recipients(3)));
    await channel.handOver(request(recipients(1)));
    expect(await stub.account()).toEqual({ taken: 4, doubled: 1 });
    channel.close();
    await stub.stop();
  });
});

describe('the stub’s event webhooks', () => {
  const events = new SendGridEvents();
  const key = readWebhookKey(events.publicKey);
  const delivered = [1, 2].map((index) =>
    events.event('delivered', { messageId: messageId(index), to: `person${index}@example.com` }),
  );

  it('P-40 are signed over the raw bytes, which re-serialised JSON no longer has', () => {
    const { headers, body } = events.sign(delivered);
    const signature = headers['X-Twilio-Email-Event-Webhook-Signature'];
    const timestamp = headers['X-Twilio-Email-Event-Webhook-Timestamp'];
    expect(isSignedBySendGrid(key, body, signature, timestamp)).toBe(true);
    const again = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(isSignedBySendGrid(key, again, signature, timestamp)).toBe(false);
  });

  it('come in posts of at most 768 KB', () => {
    const many = Array.from({ length: 5000 }, () => delivered[0]!);
    const posts = events.posts(many);
    expect(posts.length).toBeGreaterThan(1);
    for (const { body } of posts) expect(body.length).toBeLessThanOrEqual(768 * 1024);
    expect(posts.flatMap(({ body }) => JSON.parse(body.toString()) as object[])).toHaveLength(5000);
  });

  it('can come several times and in any order', () => {
    const all = scrambled([1, 2, 3, 4, 5], 3, 7);
    expect(all).toHaveLength(15);
    expect(all).not.toEqual(scrambled([1, 2, 3, 4, 5], 3, 8));
    expect(all).toEqual(scrambled([1, 2, 3, 4, 5], 3, 7));
    expect(new Set(all).size).toBe(5);
  });

  it('are posted to a webhook', async () => {
    const bodies: string[] = [];
    const server = createServer((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      incoming.on('end', () => response.writeHead(200).end());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await events.post(url, delivered)).toEqual([200]);
    expect(JSON.parse(bodies.join(''))).toMatchObject([
      { event: 'delivered', message_id: messageId(1) },
      { event: 'delivered' },
    ]);
    server.close();
  });
});
