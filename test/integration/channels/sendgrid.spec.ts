import { performance } from 'node:perf_hooks';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SendGridChannel } from '../../../src/features/channels/email/sendgrid/sendgrid.channel';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { messageId, newsletter, recipient, recipients, request } from './mails';

let stub: SendGridStub;
let channel: SendGridChannel;

const open = (baseUrl: string) =>
  new SendGridChannel({ apiKey: 'SG.test', baseUrl, environment: 'test' });
const kinds = (outcomes: { kind: string }[]) => [...new Set(outcomes.map(({ kind }) => kind))];

beforeEach(async () => {
  stub = await SendGridStub.start();
  channel = open(stub.url);
});

afterEach(async () => {
  channel.close();
  await stub.stop();
});

describe('what a request looks like', () => {
  it('P-01 gives each of 1 000 recipients a List-Unsubscribe of their own, and none at root level', async () => {
    const list = recipients(1000);
    const outcomes = await channel.handOver(request(list));

    expect(kinds(outcomes)).toEqual(['accepted']);
    expect(stub.requests).toHaveLength(1);
    const { mail } = stub.requests[0]!;
    expect(mail.headers).not.toHaveProperty('List-Unsubscribe');
    expect(mail.headers).not.toHaveProperty('List-Unsubscribe-Post');
    expect(
      new Set(mail.personalizations.map((one) => one.headers?.['List-Unsubscribe'])).size,
    ).toBe(1000);
    mail.personalizations.forEach((one, index) => {
      expect(one.headers).toEqual({
        'List-Unsubscribe': `<${list[index]!.unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      });
      expect(one.to).toEqual([{ email: list[index]!.to }]);
    });
  });

  it('P-02 F-10 offers the https address only, so that no client prefers mail', async () => {
    await channel.handOver(request([recipient(1)]));
    expect(stub.delivered[0]!.headers['List-Unsubscribe']).toMatch(/^<https:\/\/[^<>,]+>$/);
  });

  it('P-02 names the mailbox that we read after the https address', async () => {
    const unsubscribeMail = 'mailto:avsluta@svar.example?subject=avsluta%20T';
    const bad = recipient(2, { unsubscribeMail: 'mailto:a@b.example?subject=x>, <https://evil' });
    const outcomes = await channel.handOver(request([recipient(1, { unsubscribeMail }), bad]));
    expect(stub.delivered.map(({ headers }) => headers['List-Unsubscribe'])).toEqual([
      `<${recipient(1).unsubscribeUrl}>, <${unsubscribeMail}>`,
    ]);
    expect(outcomes[1]).toMatchObject({ kind: 'refused', code: 'bad_opt_out_mail' });
  });

  it('P-33 sends service mail with the key of another subuser, where a marketing no cannot stop it', async () => {
    const both = new SendGridChannel({
      apiKey: 'SG.marketing',
      serviceApiKey: 'SG.service',
      baseUrl: stub.url,
      environment: 'test',
    });
    await both.handOver(request([recipient(1)]));
    const service = request([recipient(2)]);
    await both.handOver({ ...service, content: { ...service.content, kind: 'service' } });
    both.close();
    const keys = stub.requests.map(({ headers }) => headers.authorization);
    expect(keys).toEqual(['Bearer SG.marketing', 'Bearer SG.service']);
  });

  it('delivers to each recipient their own text and nobody else’s', async () => {
    await channel.handOver(request(recipients(50)));
    for (const [index, mail] of stub.delivered.entries()) {
      const url = recipient(index + 1).unsubscribeUrl!;
      expect(mail.subject).toBe(`Hej Åsa ${index + 1}`);
      expect(mail.html).toBe(
        `<p>Hej Åsa ${index + 1}!</p><p>Åtta nya kurser.</p><a href="${url}">Avsluta prenumeration</a>`,
      );
      expect(mail.text).toBe(`Åtta nya kurser.\n\nAvsluta prenumeration: ${url}\n`);
    }
  });

  it('P-30 has one recipient per personalization, no cc and no bcc, and sends a marketing address once', async () => {
    const twice = [recipient(1), recipient(2, { to: 'Person1@example.com' }), recipient(3)];
    const outcomes = await channel.handOver(request(twice));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted']);
    expect(outcomes[1]).toMatchObject({ code: 'duplicate_address', permanent: true });
    for (const one of stub.requests.flatMap(({ mail }) => mail.personalizations)) {
      expect(one.to).toHaveLength(1);
      expect(one).not.toHaveProperty('cc');
      expect(one).not.toHaveProperty('bcc');
    }
  });

  it('sends two service mails to one address in two requests, because SendGrid refuses a repeated address', async () => {
    const content = newsletter({ kind: 'service' });
    const outcomes = await channel.handOver(
      request([recipient(1), recipient(2, { to: 'person1@example.com' })], { content }),
    );
    expect(kinds(outcomes)).toEqual(['accepted']);
    expect(stub.requests).toHaveLength(2);
  });

  it('P-31 P-32 P-34 switches off all tracking and never schedules, groups or bypasses', async () => {
    await channel.handOver(request(recipients(2)));
    const { mail } = stub.requests[0]!;
    expect(mail.tracking_settings).toEqual({
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
      ganalytics: { enable: false },
    });
    expect(JSON.stringify(mail)).not.toMatch(/send_at|"asm"|bypass_|mail_settings|categories/);
  });

  it('P-35 puts opaque ids only in custom_args: no address, no name, no token', async () => {
    await channel.handOver(request([recipient(7)]));
    const { mail } = stub.requests[0]!;
    expect(mail.custom_args).toEqual({ env: 'test', campaign_id: newsletter().campaignId });
    expect(mail.personalizations[0]!.custom_args).toEqual({ message_id: messageId(7) });
  });

  it('P-15 names the list and asks auto-responders to be quiet, in marketing only', async () => {
    await channel.handOver(request([recipient(1)]));
    await channel.handOver(request([recipient(2)], { content: newsletter({ kind: 'service' }) }));
    const [marketing, service] = stub.delivered.map(({ headers }) => headers);
    expect(marketing).toMatchObject({
      'List-Id': 'Nyhetsbrev <nyhetsbrev.larkraft.example>',
      Precedence: 'bulk',
      'Feedback-ID': `${newsletter().campaignId}:nyhetsbrev.larkraft.example:marketing:utskick`,
    });
    expect(service).toEqual({ 'Auto-Submitted': 'auto-generated' });
  });

  it('F-12 leaves nothing of the mail’s headers in the HTTP request itself', async () => {
    await channel.handOver(request([recipient(1)]));
    const { headers } = stub.requests[0]!;
    expect(headers.authorization).toBe('Bearer SG.test');
    expect(Object.keys(headers).filter((name) => /list-|precedence|feedback/.test(name))).toEqual(
      [],
    );
  });

  it('gives a message whose holes pass 10 000 bytes a request of its own', async () => {
    const big = recipient(2);
    const long = { ...big, htmlHoles: ['å'.repeat(6000), big.htmlHoles[1]!] };
    const outcomes = await channel.handOver(request([recipient(1), long, recipient(3)]));
    expect(kinds(outcomes)).toEqual(['accepted']);
    expect(
      stub.requests.map(({ mail }) => mail.personalizations.length).toSorted((a, b) => a - b),
    ).toEqual([1, 2]);
    const own = stub.delivered.find((mail) => mail.messageId === long.messageId)!;
    expect(own.html).toContain(`Hej ${'å'.repeat(6000)}!`);
  });

  it('cuts more than 1 000 recipients into several requests', async () => {
    expect(kinds(await channel.handOver(request(recipients(2500))))).toEqual(['accepted']);
    const sizes = stub.requests.map(({ mail }) => mail.personalizations.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([500, 1000, 1000]);
  });

  it('keeps hundreds of concurrent hand-overs apart', async () => {
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const content = newsletter({
          kind: 'service',
          nonce: `n${1000 + index}`,
          htmlPieces: [`${index}:`, ':', `:${index}`],
        });
        const one = recipient(index, { htmlHoles: [`a${index}`, `b${index}`] });
        return channel.handOver(request([one], { content, startBy: performance.now() + 9_000 }));
      }),
    );
    expect(stub.delivered).toHaveLength(300);
    for (const mail of stub.delivered) {
      const index = Number(mail.messageId.slice(-12));
      expect(mail.html).toBe(`${index}:a${index}:b${index}:${index}`);
      expect(mail.to).toBe(`person${index}@example.com`);
    }
  });
});

describe('what an answer proves', () => {
  it('reads 202 as accepted, with the provider’s id', async () => {
    expect(await channel.handOver(request([recipient(1)]))).toEqual([
      { messageId: messageId(1), kind: 'accepted', providerId: 'stub-1' },
    ]);
  });

  it('waits for a slow answer, longer than idle connections are kept', async () => {
    stub.mode = { kind: 'accept', delayMs: 2_500 };
    expect(kinds(await channel.handOver(request([recipient(1)])))).toEqual(['accepted']);
  });

  it('P-37 isolates one poison address among 100 in at most 15 requests, and each other is taken once', async () => {
    stub.mode = { kind: 'refuse', addresses: ['person42@example.com'], naming: false };
    const outcomes = await channel.handOver(request(recipients(100)));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(99);
    expect(outcomes[41]).toMatchObject({ kind: 'refused', code: 'http_400', permanent: true });
    expect(JSON.stringify(outcomes[41])).not.toContain('person42');
    expect(stub.requests.length).toBeLessThanOrEqual(15);
    expect(new Set(stub.takenByMessage().values())).toEqual(new Set([1]));
    expect(stub.takenByMessage().size).toBe(99);
  });

  it('P-37 needs three requests when the refusal says whom it is about', async () => {
    stub.mode = { kind: 'refuse', addresses: ['person42@example.com'] };
    const outcomes = await channel.handOver(request(recipients(100)));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(99);
    expect(stub.requests).toHaveLength(3);
  });

  it('does not ask one by one when the refusal is about the request itself', async () => {
    stub.mode = {
      kind: 'status',
      status: 400,
      errors: [{ field: 'from.email', message: 'No.', help: null }],
    };
    const outcomes = await channel.handOver(request(recipients(100)));
    expect(outcomes).toHaveLength(100);
    expect(outcomes[0]).toMatchObject({
      kind: 'refused',
      permanent: true,
      detail: 'from.email: No.',
    });
    expect(stub.requests).toHaveLength(1);
  });

  it('stops dividing a batch that is refused whatever is left of it, and calls the rest not final', async () => {
    stub.mode = { kind: 'status', status: 400 };
    const outcomes = await channel.handOver(request(recipients(500)));
    expect(kinds(outcomes)).toEqual(['refused']);
    expect(outcomes.some((outcome) => outcome.kind === 'refused' && !outcome.permanent)).toBe(true);
    expect(stub.requests.length).toBeLessThan(130);
  });

  it.each([
    ['7', 7],
    [undefined, 30],
    ['soon', 30],
    ['999999', 3600],
  ])(
    'P-37 reads 429 with Retry-After %s as a wait of %d s',
    async (retryAfter, retryAfterSeconds) => {
      stub.mode = { kind: 'status', status: 429, ...(retryAfter && { retryAfter }) };
      expect(await channel.handOver(request([recipient(1)]))).toEqual([
        { messageId: messageId(1), kind: 'rate_limited', retryAfterSeconds },
      ]);
      expect(stub.requests).toHaveLength(1);
    },
  );

  it.each([500, 502, 503, 408, 200, 302])(
    'takes %d for no proof of anything, and never asks again',
    async (status) => {
      stub.mode = { kind: 'status', status };
      const outcomes = await channel.handOver(request(recipients(3)));
      expect(outcomes).toHaveLength(3);
      expect(kinds(outcomes)).toEqual(['unknown']);
      expect(stub.requests).toHaveLength(1);
    },
  );

  it.each([401, 403])(
    'reads %d as refused but not final: the operator can mend it',
    async (status) => {
      stub.mode = { kind: 'status', status };
      expect(await channel.handOver(request([recipient(1)]))).toMatchObject([
        { kind: 'refused', code: `http_${status}`, permanent: false },
      ]);
    },
  );

  it.each(['accept_then_drop', 'drop'] as const)(
    'calls it unknown when the connection ends after the request (%s)',
    async (kind) => {
      stub.mode = { kind };
      expect(kinds(await channel.handOver(request(recipients(5))))).toEqual(['unknown']);
      expect(stub.ledger.entries.filter((entry) => entry.kind === 'request')).toHaveLength(1);
    },
  );

  it.each(['hang', 'accept_then_hang'] as const)(
    'calls it unknown when no answer comes by the deadline (%s)',
    async (kind) => {
      stub.mode = { kind };
      const start = performance.now();
      const outcomes = await channel.handOver(request([recipient(1)], { deadline: start + 200 }));
      expect(outcomes).toMatchObject([{ kind: 'unknown', code: 'deadline' }]);
      expect(performance.now() - start).toBeLessThan(1_500);
    },
  );

  it('calls an answer that trickles past the deadline unknown', async () => {
    stub.mode = { kind: 'trickle', everyMs: 50 };
    const outcomes = await channel.handOver(
      request([recipient(1)], { deadline: performance.now() + 200 }),
    );
    expect(outcomes).toMatchObject([{ kind: 'unknown', code: 'deadline' }]);
  });
});

describe('what never left', () => {
  it('says not sent when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const nobody = open(`http://127.0.0.1:${port}`);
    expect(await nobody.handOver(request([recipient(1)]))).toMatchObject([
      { kind: 'not_sent', code: 'ECONNREFUSED' },
    ]);
  });

  it('says not sent when the name does not resolve', async () => {
    const nowhere = open('https://api.sendgrid.invalid');
    expect(kinds(await nowhere.handOver(request([recipient(1)])))).toEqual(['not_sent']);
  });

  it('says not sent when TLS fails', async () => {
    const plain = open(stub.url.replace('http:', 'https:'));
    expect(kinds(await plain.handOver(request([recipient(1)])))).toEqual(['not_sent']);
    expect(stub.ledger.entries).toEqual([]);
  });

  it('says not sent when the handshake never ends', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const silent = open(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const outcomes = await silent.handOver(
      request([recipient(1)], { startBy: performance.now() + 150 }),
    );
    expect(outcomes).toMatchObject([{ kind: 'not_sent', code: 'start_too_late' }]);
    silent.close();
    server.close();
  });

  it('refuses to start once the permit is stale', async () => {
    const outcomes = await channel.handOver(
      request(recipients(3), { startBy: performance.now() - 1 }),
    );
    expect(outcomes).toHaveLength(3);
    expect(outcomes[0]).toMatchObject({ kind: 'not_sent', code: 'start_too_late' });
    expect(stub.ledger.entries).toEqual([]);
  });

  it('refuses to start when the process was frozen between the permit and the write', async () => {
    const startBy = performance.now() + 100;
    const pending = channel.handOver(request(recipients(3), { startBy }));
    // The event loop stands still, as it does under SIGSTOP or a long computation.
    while (performance.now() < startBy + 50);
    expect(kinds(await pending)).toEqual(['not_sent']);
    expect(stub.ledger.entries).toEqual([]);
  });

  it('stops dividing a refused batch when its permit runs out', async () => {
    stub.mode = { kind: 'status', status: 400, delayMs: 120 };
    const outcomes = await channel.handOver(
      request(recipients(8), { startBy: performance.now() + 200 }),
    );
    expect(outcomes).toHaveLength(8);
    expect(kinds(outcomes)).toEqual(['not_sent']);
    expect(stub.requests.length).toBeLessThanOrEqual(3);
  });

  it('never sends marketing whose opt-out link is missing, long or not https', async () => {
    const url = 'https://post.larkraft.example/u/' + 'T'.repeat(80);
    const outcomes = await channel.handOver(
      request([
        recipient(1, { unsubscribeUrl: undefined }),
        recipient(2, { unsubscribeUrl: 'http://post.larkraft.example/u/T' }),
        recipient(3, { unsubscribeUrl: url, htmlHoles: ['', url], textHoles: [url] }),
        recipient(4, { htmlHoles: ['Åsa', 'https://post.larkraft.example/u/someone-elses'] }),
        recipient(5, { subject: 'Hej\r\nBcc: other@example.com' }),
        recipient(6, { to: '"a@evil.example x"@example.com' }),
      ]),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'refused' && outcome.code)).toEqual([
      'no_opt_out',
      'bad_opt_out_url',
      'bad_opt_out_url',
      'no_opt_out_link',
      'unsafe_header',
      'unsafe_address',
    ]);
    expect(stub.ledger.entries).toEqual([]);
  });
});
