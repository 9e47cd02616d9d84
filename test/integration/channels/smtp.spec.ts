import { generateKeyPairSync } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createServer, type AddressInfo } from 'node:net';
import { SmtpChannel } from '../../../src/features/channels/email/smtp/smtp.channel';
import { Clock } from '../../../src/platform/clock';
import { SmtpSink, type SmtpMode, type SmtpSinkOptions } from '../../provider-stub/smtp-sink';
import { verifyDkim } from './dkim-verify';
import { messageId, newsletter, recipient, recipients, request } from './mails';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dkim = {
  domain: 'larkraft.example',
  selector: 'utskick',
  privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const dns = (name: string) => {
  expect(name).toBe('utskick._domainkey.larkraft.example');
  return keys.publicKey;
};

let sink: SmtpSink;
let channel: SmtpChannel;

async function start(options: SmtpSinkOptions = {}, query = ''): Promise<void> {
  sink = await SmtpSink.start(options);
  channel = new SmtpChannel({ url: sink.url + query, dkim }, new Clock());
}

const kinds = (outcomes: { kind: string }[]) => [...new Set(outcomes.map(({ kind }) => kind))];
const headerNames = (raw: Buffer) =>
  raw
    .toString('latin1')
    .split('\r\n\r\n')[0]!
    .split(/\r\n(?![ \t])/)
    .map((field) => field.split(':')[0]!.toLowerCase());

afterEach(async () => {
  channel.close();
  await sink.stop();
});

describe('what arrives', () => {
  it('P-01 P-15 F-12 carries each list header exactly once', async () => {
    await start();
    await channel.handOver(request([recipient(1)]));
    const [raw] = sink.raw;
    const names = headerNames(raw!);
    for (const name of [
      'list-unsubscribe',
      'list-unsubscribe-post',
      'list-id',
      'precedence',
      'message-id',
      'dkim-signature',
    ]) {
      expect(names.filter((one) => one === name)).toHaveLength(1);
    }
    const text = raw!.toString('latin1');
    expect(text).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(text).toContain('\r\nList-Id: Nyhetsbrev <nyhetsbrev.larkraft.example>\r\n');
    expect(text).toContain('\r\nPrecedence: bulk\r\n');
    expect(text).toContain(`\r\nMessage-ID: <${messageId(1)}@larkraft.example>\r\n`);
  });

  it('P-02 P-05 F-10 F-13 writes the longest opt-out URL on one line, https only', async () => {
    await start();
    const url = `https://post.larkraft.example/u/${'T'.repeat(68)}`;
    expect(url).toHaveLength(100);
    await channel.handOver(
      request([recipient(1, { unsubscribeUrl: url, htmlHoles: ['Åsa', url], textHoles: [url] })]),
    );
    expect(sink.raw[0]!.toString('latin1')).toContain(`\r\nList-Unsubscribe: <${url}>\r\n`);
  });

  it('P-02 P-04 writes the mailbox after the URL, on the same line, and signs both', async () => {
    await start();
    const unsubscribeMail = `mailto:avsluta@svar.example?subject=avsluta%20${'T'.repeat(22)}`;
    await channel.handOver(request([recipient(1, { unsubscribeMail })]));
    const [raw] = sink.raw;
    expect(raw!.toString('latin1')).toContain(
      `\r\nList-Unsubscribe: <${recipient(1).unsubscribeUrl}>, <${unsubscribeMail}>\r\n`,
    );
    expect(verifyDkim(raw!, dns).valid).toBe(true);
    const changed = raw!.toString('latin1').replace('avsluta@svar', 'avsluta@evil');
    expect(verifyDkim(Buffer.from(changed, 'latin1'), dns).valid).toBe(false);
  });

  it('P-03 keeps the URLs of the body whole and unwrapped', async () => {
    await start();
    await channel.handOver(request([recipient(1)]));
    const [mail] = await sink.mails();
    const url = recipient(1).unsubscribeUrl!;
    expect(mail!.html).toContain(`<a href="${url}">Avsluta prenumeration</a>`);
    expect(mail!.text).toContain(`Avsluta prenumeration: ${url}\n`);
  });

  it('gives each of many recipients their own mail, with Swedish letters in every part', async () => {
    await start();
    const outcomes = await channel.handOver(
      request(recipients(60).map((one) => ({ ...one, toName: 'Åsa "Öst" Ek' }))),
    );
    expect(kinds(outcomes)).toEqual(['accepted']);
    const mails = await sink.mails();
    expect(mails).toHaveLength(60);
    for (const mail of mails) {
      const index = Number(/(\d{12})@/.exec(mail.messageId!)![1]);
      expect(mail.subject).toBe(`Hej Åsa ${index}`);
      expect(mail.from!.value).toEqual([
        { address: 'nyhetsbrev@larkraft.example', name: 'Lärkraft' },
      ]);
      expect(mail.replyTo!.value).toEqual([
        { address: 'kundtjanst@larkraft.example', name: 'Kundtjänst' },
      ]);
      expect([mail.to].flat()[0]!.value).toEqual([
        { address: `person${index}@example.com`, name: 'Åsa "Öst" Ek' },
      ]);
      expect(mail.html).toContain(`<p>Hej Åsa ${index}!</p><p>Åtta nya kurser.</p>`);
      expect(mail.text).toContain('Åtta nya kurser.');
    }
  });

  it('brings text through unchanged, whatever it looks like', async () => {
    await start();
    const odd =
      '.\r\n..\nFrom here\n  two  spaces \t tab\n=C3=A5 = \n' +
      'x'.repeat(200) +
      '\n\n' +
      '🎓'.repeat(60) +
      '  ';
    const content = newsletter({
      kind: 'service',
      htmlPieces: [`<pre>${odd}`, `${odd}</pre>`],
      textPieces: [odd, odd],
    });
    await channel.handOver(
      request([recipient(1, { htmlHoles: [odd], textHoles: [odd] })], { content }),
    );
    const [mail] = await sink.mails();
    const lines = (text: string) => text.replace(/\r\n/g, '\n');
    expect(lines(mail!.html as string)).toBe(lines(`<pre>${odd}${odd}${odd}</pre>`));
    expect(lines(mail!.text!).trimEnd()).toBe(lines(odd + odd + odd).trimEnd());
    const wire = sink.raw[0]!.toString('latin1');
    const body = wire.slice(wire.indexOf('\r\n\r\n')).split('\r\n');
    expect(Math.max(...body.map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  it('marks service mail as automatic and gives it no list headers', async () => {
    await start();
    await channel.handOver(request([recipient(1)], { content: newsletter({ kind: 'service' }) }));
    const names = headerNames(sink.raw[0]!);
    expect(names).toContain('auto-submitted');
    expect(names.filter((name) => /^list-|precedence|feedback/.test(name))).toEqual([]);
  });

  it('lets no line end in a subject or a name become a header', async () => {
    await start();
    const outcomes = await channel.handOver(
      request([
        recipient(1, { subject: 'Hej\r\nBcc: other@example.com' }),
        recipient(2, { toName: 'Åsa\nBcc: other@example.com' }),
      ]),
    );
    expect(outcomes).toMatchObject([{ code: 'unsafe_header' }, { kind: 'accepted' }]);
    expect(headerNames(sink.raw[0]!)).not.toContain('bcc');
    const content = newsletter({
      from: { email: 'n@larkraft.example', name: 'L\u2028Bcc: x@example.com' },
    });
    expect(await channel.handOver(request([recipient(3)], { content }))).toMatchObject([
      { code: 'unsafe_header' },
    ]);
    expect(sink.raw).toHaveLength(1);
  });
});

describe('the DKIM signature', () => {
  it('P-04 F-13 verifies on the delivered mail and covers both headers of RFC 8058', async () => {
    await start();
    await channel.handOver(request(recipients(5)));
    for (const raw of sink.raw) {
      const result = verifyDkim(raw, dns);
      expect(result).toMatchObject({ valid: true, domain: 'larkraft.example' });
      expect(result.signed).toEqual(
        expect.arrayContaining([
          'from',
          'to',
          'subject',
          'date',
          'list-unsubscribe',
          'list-unsubscribe-post',
          'list-id',
        ]),
      );
    }
  });

  it('P-04 does not verify once either header, or the body, is changed', async () => {
    await start();
    await channel.handOver(request([recipient(1)]));
    const changed = (from: string, to: string) =>
      verifyDkim(Buffer.from(sink.raw[0]!.toString('latin1').replace(from, to), 'latin1'), dns)
        .valid;
    expect(changed('nothing', 'nothing')).toBe(true);
    expect(changed('List-Unsubscribe: <https://post', 'List-Unsubscribe: <https://evil')).toBe(
      false,
    );
    expect(changed('List-Unsubscribe=One-Click', 'List-Unsubscribe=Other')).toBe(false);
    expect(changed('Avsluta prenumeration', 'Avsluta inte')).toBe(false);
  });

  it('P-04 verifies whatever white space the content holds', async () => {
    await start();
    const odd = ' \t x  y \n\n   \n\tz  ';
    const content = newsletter({ kind: 'service', htmlPieces: [odd, odd], textPieces: [odd, odd] });
    await channel.handOver(
      request([recipient(1, { htmlHoles: [odd], textHoles: [' '] })], { content }),
    );
    expect(verifyDkim(sink.raw[0]!, dns).valid).toBe(true);
  });

  it('signs nothing, and says so at start, when the key is no RSA key', () => {
    const other = generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    expect(
      () =>
        new SmtpChannel(
          { url: 'smtp://localhost', dkim: { ...dkim, privateKey: other } },
          new Clock(),
        ),
    ).toThrow();
  });
});

describe('what a reply proves', () => {
  it('P-37 refuses one poison address and takes the others, each once', async () => {
    await start();
    sink.mode = { kind: 'refuse_recipients', addresses: ['person7@example.com'], code: 550 };
    const outcomes = await channel.handOver(request(recipients(30)));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(29);
    expect(outcomes[6]).toMatchObject({ kind: 'refused', code: 'smtp_550', permanent: true });
    expect(JSON.stringify(outcomes[6])).not.toContain('person7@');
    expect(new Set(sink.ledger.entries.map(({ to }) => to[0])).size).toBe(29);
    expect(sink.ledger.entries).toHaveLength(29);
  });

  it.each<[SmtpMode, object]>([
    [
      { kind: 'refuse_recipients', addresses: ['person1@example.com'], code: 450 },
      { kind: 'refused', code: 'smtp_450', permanent: false },
    ],
    [
      { kind: 'refuse_sender', code: 550 },
      { kind: 'refused', code: 'smtp_550', permanent: true },
    ],
    [
      { kind: 'refuse_sender', code: 421 },
      { kind: 'not_sent', code: 'smtp_421' },
    ],
    [
      { kind: 'refuse_data', code: 554 },
      { kind: 'refused', code: 'smtp_554', permanent: true },
    ],
    [
      { kind: 'refuse_data', code: 451 },
      { kind: 'refused', code: 'smtp_451', permanent: false },
    ],
    [{ kind: 'drop_on_recipient' }, { kind: 'not_sent' }],
    [{ kind: 'accept_then_drop' }, { kind: 'unknown' }],
    [{ kind: 'accept_then_hang' }, { kind: 'unknown', code: 'deadline' }],
  ])('reads %j as %j, and tries once', async (mode, expected) => {
    await start();
    sink.mode = mode;
    const outcomes = await channel.handOver(
      request([recipient(1)], { deadline: performance.now() + 400 }),
    );
    expect(outcomes).toMatchObject([{ messageId: messageId(1), ...expected }]);
    expect(sink.ledger.entries.length).toBeLessThanOrEqual(1);
    expect(sink.connections).toBe(1);
  });

  it('keeps the session after a refusal, and works where pipelining is not offered', async () => {
    await start({ hide: ['PIPELINING'] }, '?maxConnections=1');
    sink.mode = { kind: 'refuse_recipients', addresses: ['person2@example.com'], code: 550 };
    const outcomes = await channel.handOver(request(recipients(4)));
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'accepted',
      'refused',
      'accepted',
      'accepted',
    ]);
    expect(sink.connections).toBe(1);
  });

  it('logs in, and says not sent when the password is wrong', async () => {
    await start({ login: { user: 'utskick', password: 'rätt' } });
    const right = new SmtpChannel(
      { url: `smtp://utskick:r%C3%A4tt@127.0.0.1:${sink.port}` },
      new Clock(),
    );
    expect(await right.handOver(request([recipient(1)]))).toMatchObject([{ kind: 'accepted' }]);
    right.close();
    const wrong = new SmtpChannel(
      { url: `smtp://utskick:fel@127.0.0.1:${sink.port}` },
      new Clock(),
    );
    expect(await wrong.handOver(request(recipients(20)))).toMatchObject(
      Array(20).fill({ kind: 'refused', code: 'smtp_535', permanent: false, breaker: true }),
    );
  });

  it('says not sent when nobody listens', async () => {
    await start();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const nobody = new SmtpChannel({ url: `smtp://127.0.0.1:${port}` }, new Clock());
    expect(await nobody.handOver(request(recipients(3)))).toMatchObject(
      Array(3).fill({ kind: 'not_sent', code: 'ECONNREFUSED' }),
    );
  });

  it('begins nothing once the permit is stale, and nothing more when it becomes so', async () => {
    await start({}, '?maxConnections=2');
    expect(
      kinds(await channel.handOver(request(recipients(3), { startBy: performance.now() - 1 }))),
    ).toEqual(['not_sent']);
    expect(sink.connections).toBe(0);
    sink.mode = { kind: 'accept', delayMs: 80 };
    const outcomes = await channel.handOver(
      request(recipients(40), { startBy: performance.now() + 400 }),
    );
    const taken = sink.ledger.entries.length;
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(taken);
    expect(outcomes.filter(({ kind }) => kind === 'not_sent')).toHaveLength(40 - taken);
    expect(taken).toBeLessThan(40);
  });

  it('writes no body when the process was frozen between the permit and the server’s go-ahead', async () => {
    await start();
    await channel.handOver(request([recipient(1)]));
    const startBy = performance.now() + 100;
    const pending = channel.handOver(request([recipient(2)], { startBy }));
    while (performance.now() < startBy + 50);
    expect(await pending).toMatchObject([{ kind: 'not_sent' }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sink.ledger.entries).toHaveLength(1);
  });

  it('opens no more sessions than it is told to, however many hand-overs there are', async () => {
    await start({}, '?maxConnections=3');
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, batch) =>
        channel.handOver(request([1, 2, 3, 4, 5].map((one) => recipient(batch * 10 + one)))),
      ),
    );
    expect(kinds(all.flat())).toEqual(['accepted']);
    expect(sink.connections).toBeLessThanOrEqual(3);
    expect(sink.ledger.entries).toHaveLength(30);
  });

  it('asks for no more permits at once than the server has been seen to manage in a second', async () => {
    await start({}, '?maxConnections=2');
    sink.mode = { kind: 'accept', delayMs: 50 };
    for (let round = 0; round < 4; round += 1) {
      await channel.handOver(request(recipients(12)));
    }
    expect(channel.maxRecipients).toBeGreaterThanOrEqual(2);
    expect(channel.maxRecipients).toBeLessThanOrEqual(45);
  });

  it('asks for more as soon as the server is seen to be fast, and for less as soon as it is slow', async () => {
    await start({}, '?maxConnections=2');
    const guess = channel.maxRecipients;
    await channel.handOver(request(recipients(20)));
    await channel.handOver(request(recipients(20)));
    expect(channel.maxRecipients).toBeGreaterThan(guess);
    sink.mode = { kind: 'accept', delayMs: 100 };
    for (let round = 0; round < 3; round += 1) {
      await channel.handOver(request(recipients(8)));
    }
    expect(channel.maxRecipients).toBeLessThan(guess);
  });

  it('replaces a session that the server has closed in the meantime', async () => {
    await start({}, '?maxConnections=1&maxMessages=2');
    for (let round = 0; round < 3; round += 1) {
      expect(
        kinds(await channel.handOver(request([1, 2].map((one) => recipient(round * 10 + one))))),
      ).toEqual(['accepted']);
    }
    expect(sink.connections).toBe(3);
  });
});
