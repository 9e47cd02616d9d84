import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A provider that takes everything, as SendGrid's v3 mail/send and Twilio's Messages do, and counts recipients.
 * A process of its own: prints its URL and runs until it is killed.
 */

/**
 * Every recipient stands alone in the `to` of a personalization. Inside a JSON string the second quote would
 * have a backslash before it, so this occurs as a key only, and counting it is exact without parsing.
 */
const RECIPIENT = Buffer.from('"to":[');

export interface SinkState {
  recipients: number;
  requests: number;
  bytes: number;
}

const state: SinkState = { recipients: 0, requests: 0, bytes: 0 };
let delayMs = 0;
let sample: Buffer = Buffer.alloc(0);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    if (request.url === '/v3/mail/send') take(body, response);
    else if (request.url?.endsWith('/Messages.json')) takeSms(body, response);
    else control(request, body, response);
  });
});

function take(body: Buffer, response: ServerResponse): void {
  state.requests += 1;
  state.bytes += body.length;
  state.recipients += count(body);
  // A large request: the one that the bare loop imitates.
  if (body.length > sample.length) sample = body;
  const id = `sink.${state.requests}`;
  afterDelay(() => response.writeHead(202, { 'x-message-id': id, 'content-length': '0' }).end());
}

function takeSms(body: Buffer, response: ServerResponse): void {
  state.requests += 1;
  state.bytes += body.length;
  state.recipients += 1;
  if (body.length > sample.length) sample = body;
  const sid = `SM${String(state.requests).padStart(32, '0')}`;
  const answer = JSON.stringify({ sid, status: 'queued', error_code: null });
  const headers = { 'content-type': 'application/json', 'content-length': answer.length };
  afterDelay(() => response.writeHead(201, headers).end(answer));
}

function afterDelay(answer: () => void): void {
  if (delayMs > 0) setTimeout(answer, delayMs);
  else answer();
}

function count(body: Buffer): number {
  let recipients = 0;
  for (let at = body.indexOf(RECIPIENT); at !== -1; at = body.indexOf(RECIPIENT, at + 6)) {
    recipients += 1;
  }
  return recipients;
}

/** GET /state and /sample; POST /reset {"delayMs"} sets everything back. */
function control(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  if (request.url === '/sample') return void response.end(sample);
  if (request.url === '/reset') {
    delayMs = (JSON.parse(body.toString()) as { delayMs: number }).delayMs;
    Object.assign(state, { recipients: 0, requests: 0, bytes: 0 });
  }
  response.end(JSON.stringify(state));
}

// Nobody's connection is closed for being idle between two rounds.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
