import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * The leanest server that an SMTP client can tell from none: it finds the ends of commands and messages, says yes and
 * counts. A process of its own: prints the URL of its controls and its own, and runs until it is killed.
 */

const EHLO = '250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n';
const END = Buffer.from('\r\n.\r\n');

const state = { recipients: 0, requests: 0, bytes: 0 };
let sample: Buffer = Buffer.alloc(0);
/** The session whose message becomes the sample. */
let sampling: Session | null = null;
let wanted = true;

class Session {
  private inMessage = false;
  /** What came last without being answered: part of a command, or the last bytes of a message. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', () => socket.destroy());
    socket.write('220 sink.example ESMTP\r\n');
  }

  private read(chunk: Buffer): void {
    state.bytes += chunk.length;
    let left = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let answer = '';
    for (;;) {
      const end = this.inMessage ? left.indexOf(END) : left.indexOf(10);
      if (end < 0) break;
      answer += this.inMessage ? this.take(left, end) : this.answer(left);
      left = left.subarray(this.inMessage ? end + END.length : end + 1);
      this.inMessage = answer.endsWith(GO_ON);
    }
    // The end of a message may come in two parts: four of its five bytes are enough to keep.
    const enough = this.inMessage && sampling !== this ? Math.max(0, left.length - 4) : 0;
    this.rest = left.subarray(enough);
    if (answer !== '') this.socket.write(answer, 'latin1');
  }

  private take(left: Buffer, end: number): string {
    state.recipients += 1;
    state.requests += 1;
    if (sampling === this) {
      sample = Buffer.from(left.subarray(0, end + 2));
      sampling = null;
    }
    return `250 2.0.0 Ok: queued as ${state.requests}\r\n`;
  }

  private answer(left: Buffer): string {
    switch (left.toString('latin1', 0, 4).toUpperCase()) {
      case 'EHLO':
        return EHLO;
      case 'DATA':
        if (wanted) [sampling, wanted] = [this, false];
        return GO_ON;
      case 'QUIT':
        return '221 bye\r\n';
      default:
        return '250 2.1.0 Ok\r\n';
    }
  }
}

const GO_ON = '354 go on\r\n';

/** GET /state and /sample, a message as it came; POST /reset counts from nothing. */
const controls = createHttpServer((request, response) => {
  if (request.url === '/sample') return void response.end(sample);
  if (request.url === '/reset') {
    Object.assign(state, { recipients: 0, requests: 0, bytes: 0 });
    wanted = true;
  }
  response.end(JSON.stringify(state));
});

async function main(): Promise<void> {
  const ports = await Promise.all(
    [createServer((socket) => new Session(socket)), controls].map(
      (server: Server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  process.stdout.write(`http://127.0.0.1:${ports[1]} smtp://127.0.0.1:${ports[0]}\n`);
}

void main();
