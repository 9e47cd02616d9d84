import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { SMTPServer } from 'smtp-server';
import { SmtpChannel } from '../../../src/features/channels/email/smtp/smtp.channel';
import { Clock } from '../../../src/platform/clock';
import { until } from '../../setup/until';
import { newsletter, recipient, recipients, request } from './mails';
import { ScriptedSmtp, type Script } from './scripted-smtp';

let server: ScriptedSmtp;
let channel: SmtpChannel;

async function start(script: Script, query = '?maxConnections=1'): Promise<void> {
  server = await ScriptedSmtp.start(script);
  channel = new SmtpChannel({ url: server.url + query }, new Clock());
}

const verbs = (talk = 0) =>
  server.talks[talk]!.commands.map((command) => command.split(' ')[0]!.split(':')[0]);
const kindsOf = (outcomes: { kind: string }[]) => outcomes.map(({ kind }) => kind);
const soon = (milliseconds: number) => ({ deadline: performance.now() + milliseconds });

afterEach(async () => {
  channel.close();
  await server.stop();
});

describe('pipelining (RFC 2920)', () => {
  it('announces a message behind the one before, and writes its text only after the 354 to it', async () => {
    await start(() => undefined);
    expect(kindsOf(await channel.handOver(request(recipients(3))))).toEqual(
      Array(3).fill('accepted'),
    );
    const one = ['MAIL', 'RCPT', 'DATA', '.'];
    expect(verbs()).toEqual(['EHLO', ...one, ...one, ...one]);
    expect(server.times.size).toBe(3);
    const announced = /^MAIL FROM:<[^>]+> SIZE=\d+\r\nRCPT TO:<[^>]+>\r\nDATA\r\n$/;
    expect(server.talks[0]!.behind).toEqual([
      expect.stringMatching(announced),
      expect.stringMatching(announced),
      '',
    ]);
    expect(server.talks[0]!.commands[1]).toMatch(/^MAIL FROM:<nyhetsbrev@.*> SIZE=\d+$/);
  });

  it('reads answers in whatever pieces and lines they come', async () => {
    await start((command) => {
      if (command.startsWith('EHLO')) return undefined;
      return command === 'DATA' ? '354-please\r\n354 go on' : '250-well\r\n250 yes';
    });
    server.piecemeal = true;
    expect(kindsOf(await channel.handOver(request(recipients(2), soon(3_000))))).toEqual([
      'accepted',
      'accepted',
    ]);
  });

  it.each<[string, Script]>([
    [
      'drops the connection instead of answering a text',
      (command, { socket }) => {
        if (command !== '.') return undefined;
        socket.destroy();
        return null;
      },
    ],
    [
      'closes with 421 instead of answering a text',
      (command, { socket }) => {
        if (command !== '.') return undefined;
        socket.end('421 closing\r\n');
        return null;
      },
    ],
  ])(
    'a server that %s leaves that message unknown, and others carry what was only announced',
    async (_, script) => {
      let first = true;
      await start((command, talk) => {
        const answer = first ? script(command, talk) : undefined;
        if (answer === null) first = false;
        return answer;
      });
      const outcomes = await channel.handOver(request(recipients(4)));
      expect(kindsOf(outcomes)).toEqual(['unknown', 'accepted', 'accepted', 'accepted']);
      expect([...server.times.values()]).toEqual([1, 1, 1]);
    },
  );

  it('carries in another session what a server announces not to take any more in this one', async () => {
    await start((command, { commands, number }) =>
      number === 0 &&
      command.startsWith('MAIL') &&
      commands.filter((one) => one === '.').length === 2
        ? '421 too many messages'
        : undefined,
    );
    expect(kindsOf(await channel.handOver(request(recipients(5))))).toEqual(
      Array(5).fill('accepted'),
    );
    expect([...server.times.values()]).toEqual([1, 1, 1, 1, 1]);
  });

  it('ends a DATA that a server takes for nobody with a single dot, and goes on', async () => {
    await start((command) => (command.includes('person2@') ? '550 unknown' : undefined));
    const outcomes = await channel.handOver(request(recipients(3)));
    expect(kindsOf(outcomes)).toEqual(['accepted', 'refused', 'accepted']);
    expect(server.talks).toHaveLength(1);
    expect([...server.times.keys()].filter(Boolean)).toHaveLength(2);
  });

  it('opens a fresh transaction after a refusal, where the server has kept the old one', async () => {
    await start((command, { commands }) => {
      if (command.includes('person1@')) return '550 unknown';
      if (command === 'DATA' && commands.at(-2)!.includes('person1@'))
        return '554 nobody to send to';
      return undefined;
    });
    const outcomes = await channel.handOver(request(recipients(2)));
    expect(kindsOf(outcomes)).toEqual(['refused', 'accepted']);
    expect(verbs()).toEqual(['EHLO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'MAIL', 'RCPT', 'DATA', '.']);
  });

  it('refuses by itself what is larger than the server takes', async () => {
    await start((command) =>
      command.startsWith('EHLO') ? '250-x\r\n250-PIPELINING\r\n250 SIZE 500' : undefined,
    );
    expect(await channel.handOver(request([recipient(1)]))).toMatchObject([{ code: 'too_large' }]);
    expect(verbs()).toEqual(['EHLO']);
  });
});

describe('a server that does not bear it', () => {
  it('is silent to what came behind a text: that was not sent, and no more is sent so', async () => {
    // As if its buffer was thrown away with the text.
    await start((command, { commands }) =>
      commands.slice(0, -1).includes('.') && server.talks.length === 1 && command !== '.'
        ? null
        : undefined,
    );
    const outcomes = await channel.handOver(request(recipients(2), soon(300)));
    expect(kindsOf(outcomes)).toEqual(['accepted', 'not_sent']);
    expect(kindsOf(await channel.handOver(request([recipient(3), recipient(4)])))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect([...server.times.values()]).toEqual([1, 1, 1]);
    expect(server.talks.flatMap(({ behind }) => behind).filter(Boolean)).toHaveLength(1);
  });

  it('calls it a bad sequence: not the fault of the message', async () => {
    await start((command, { commands, number }) =>
      number === 0 && command.startsWith('MAIL') && commands.includes('.')
        ? '503 improper'
        : undefined,
    );
    expect(kindsOf(await channel.handOver(request(recipients(3))))).toEqual(
      Array(3).fill('accepted'),
    );
    expect(server.talks).toHaveLength(2);
  });

  it('answers DATA with neither yes nor no: nodemailer speaks to it from then on', async () => {
    await start((command) => (command === 'DATA' ? '250 fine' : undefined));
    expect(await channel.handOver(request([recipient(1)]))).toMatchObject([{ kind: 'not_sent' }]);
    expect(server.taken).toHaveLength(0);
    await channel.handOver(request([recipient(2)], soon(300)));
    expect(server.talks[1]!.commands).toContain('DATA');
  });

  it('says nonsense: what was written to its end is unknown, what was announced is not sent', async () => {
    await start((command) => (command === '.' ? 'hello' : undefined));
    const outcomes = await channel.handOver(request(recipients(2), soon(1_000)));
    expect(outcomes[0]).toMatchObject({ kind: 'unknown', code: 'not_understood' });
    expect(server.taken).toHaveLength(0);
  });

  it('speaks when nobody asked, between two hand-overs: the session is left', async () => {
    await start(() => undefined);
    await channel.handOver(request([recipient(1)]));
    server.talks[0]!.socket.write('421 idle too long\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await channel.handOver(request([recipient(2)]))).toMatchObject([{ kind: 'accepted' }]);
    expect(server.talks).toHaveLength(2);
  });
});

describe('the memory of messages', () => {
  it('is not used again while the socket still holds it, even when the server answered early', async () => {
    // Large enough to outlast the socket's buffers while nobody reads.
    const filler = 'Nya kurser på vår sida. '.repeat(120_000);
    const content = newsletter({ kind: 'service', htmlPieces: ['', filler, ''] });
    const people = recipients(9).map((one, n) => {
      const mark = `(${n + 1})`;
      return { ...one, htmlHoles: [mark, mark] };
    });
    await start((command, { socket }) => {
      if (command.startsWith('EHLO')) return '250-x\r\n250 PIPELINING';
      if (command === '.') return null;
      if (command !== 'DATA') return undefined;
      socket.pause();
      setTimeout(() => socket.resume(), 50);
      return '354 go on\r\n250 taken unseen';
    }, '?maxConnections=3');
    const patience = performance.now() + 60_000;
    const outcomes = await channel.handOver(
      request(people, { content, startBy: patience, deadline: patience }),
    );
    expect(kindsOf(outcomes)).toEqual(Array(9).fill('accepted'));
    await until(async () => server.ended.length === 9);
    const marks = server.ended.map((text) => [
      Number(/^Message-ID: <[^@]*(\d)@/m.exec(text)?.[1]),
      ...[...text.matchAll(/\((\d)\)/g)].map(([, mark]) => Number(mark)),
    ]);
    expect(marks.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [n, n, n]));
  });
});

describe('encrypted', () => {
  it.each([
    ['from the start', 'smtps', true],
    ['after STARTTLS', 'smtp', false],
  ])('%s, a session is taken over from nodemailer all the same', async (_, scheme, secure) => {
    await start(() => undefined);
    const taken: string[] = [];
    // It warns that its certificate is nobody's: just what is wanted here.
    const warned = jest.spyOn(console, 'error').mockReturnValue();
    const encrypted = new SMTPServer({
      secure,
      authOptional: true,
      onData: (stream, session, callback) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
        stream.on('end', () => {
          const mine = text.includes(`To: ${session.envelope.rcptTo[0]!.address}\r\n`);
          taken.push(session.secure && mine ? text : 'in the clear, or somebody else’s');
          callback(null, 'queued');
        });
      },
    });
    warned.mockRestore();
    await new Promise<void>((resolve) => encrypted.listen(0, '127.0.0.1', resolve));
    const { port } = encrypted.server.address() as AddressInfo;
    const options = '?requireTLS=true&tls.rejectUnauthorized=false&maxConnections=2';
    const over = new SmtpChannel({ url: `${scheme}://127.0.0.1:${port}${options}` }, new Clock());
    const outcomes = await over.handOver(request(recipients(40)));
    over.close();
    await new Promise<void>((resolve) => encrypted.close(resolve));
    expect(kindsOf(outcomes)).toEqual(Array(40).fill('accepted'));
    const ids = taken.map((text) => /^Message-ID: <([^@]+)@/m.exec(text)?.[1]);
    expect(new Set(ids)).toEqual(new Set(recipients(40).map(({ messageId }) => messageId)));
    expect(ids).toHaveLength(40);
  });
});
