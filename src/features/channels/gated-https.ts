import { performance } from 'node:perf_hooks';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What one request came to, told apart by whether the provider can have seen it. */
export type Exchange =
  /** Not one byte of the request was written: it is certain that the provider has nothing. */
  | { kind: 'not_written'; code: string }
  /** Bytes were written and no status line came back: nobody can know. */
  | { kind: 'no_answer'; code: string }
  | { kind: 'answer'; status: number; headers: IncomingHttpHeaders; body: string };

export interface GatedRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  /** Written one after the other. */
  body: readonly Uint8Array[];
  /** The request is not begun at or after this `performance.now()`. */
  startBy: number;
  /** The wait for an answer ends at this `performance.now()`. */
  deadline: number;
}

/** Enough for what is answered to a hand-over. */
const LONGEST_ANSWER = 64 * 1024;
// Load balancers close idle connections after a minute or so; a request written onto a socket that the
// other side is closing ends as `no_answer`. Two seconds keeps a campaign's connections and no old ones.
const IDLE_MS = 2_000;

/**
 * HTTP to providers: connects first, then looks at the clock and writes in the same tick, and says
 * whether a byte was written. One call is one request: no retry, no redirect.
 */
export class GatedHttps {
  private readonly secure: boolean;
  private readonly agent: http.Agent;
  private readonly ready = new WeakSet<Socket>();

  constructor(
    private readonly origin: URL,
    connections = 32,
    private readonly longestAnswer = LONGEST_ANSWER,
  ) {
    this.secure = origin.protocol === 'https:';
    const options = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS };
    this.agent = this.secure ? new https.Agent(options) : new http.Agent(options);
  }

  exchange(order: GatedRequest): Promise<Exchange> {
    return new Promise((resolve) => {
      let written = false;
      let settled = false;
      const settle = (exchange: Exchange) => {
        if (settled) return;
        settled = true;
        clearTimeout(lateStart);
        clearTimeout(lateAnswer);
        resolve(exchange);
      };
      const fail = (code: string) => {
        settle({ kind: written ? 'no_answer' : 'not_written', code });
        request.destroy();
      };
      const request = (this.secure ? https : http).request(new URL(order.path, this.origin), {
        method: order.method,
        agent: this.agent,
        headers: { ...order.headers, 'Content-Length': String(lengthOf(order.body)) },
      });
      const lateStart = setTimeout(() => written || fail('start_too_late'), wait(order.startBy));
      const lateAnswer = setTimeout(() => fail('deadline'), wait(order.deadline));
      const write = () => {
        if (settled) return;
        if (performance.now() >= order.startBy) return fail('start_too_late');
        written = true;
        for (const chunk of order.body) request.write(chunk);
        request.end();
      };
      request.once('socket', (socket) => {
        if (this.ready.has(socket)) return write();
        socket.once(this.secure ? 'secureConnect' : 'connect', () => {
          this.ready.add(socket);
          write();
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'socket_error'));
      request.once('response', (response) => collect(response, this.longestAnswer, settle));
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

function wait(until: number): number {
  return Math.max(0, until - performance.now());
}

/** The status line decides; a body that breaks off only costs us the explanation. */
function collect(
  response: IncomingMessage,
  longest: number,
  settle: (exchange: Exchange) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const done = () =>
    settle({
      kind: 'answer',
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= longest) chunks.push(chunk);
    else response.destroy();
  });
  response.once('end', done);
  response.once('error', done);
  response.once('close', done);
}
