import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { accountOf, Ledger, type Account, type LedgerOptions } from './ledger';
import {
  deliveredMails,
  faultsOf,
  type ApiError,
  type DeliveredMail,
  type MailSend,
} from './sendgrid-contract';
import { SendGridEvents } from './sendgrid-events';
import { SendGridListsStub } from './sendgrid-lists-stub';

/** How the stub answers a request. */
export type SendGridMode =
  /** Takes the mail at once, and answers after the delay and when `until` is settled. */
  | { kind: 'accept'; delayMs?: number; until?: Promise<unknown> }
  /** 400 for the whole request when it holds one of these addresses; `naming: false` keeps the place to itself. */
  | { kind: 'refuse'; addresses: readonly string[]; naming?: boolean }
  | { kind: 'status'; status: number; retryAfter?: string; errors?: ApiError[]; delayMs?: number }
  /** Takes the mail, then drops the connection before any answer. */
  | { kind: 'accept_then_drop' }
  /** Takes the mail and answers nothing until told to stop. */
  | { kind: 'accept_then_hang' }
  | { kind: 'hang' }
  /** Reads the request and closes before the first header, without taking the mail. */
  | { kind: 'drop' }
  /** Closes as soon as the connection is there, before a byte of the request is read. */
  | { kind: 'drop_connections' }
  /** Answers 202 byte by byte. */
  | { kind: 'trickle'; everyMs: number }
  /** Takes the mail only after the delay, whether or not the caller still waits. */
  | { kind: 'late'; delayMs: number }
  /** Takes the mail and answers what is no HTTP. */
  | { kind: 'unreadable' };

export interface SendGridEntry {
  /** Number of the request, from 1. */
  request: number;
  /** `taken` = this recipient will get the mail, whatever the caller was told. */
  kind: 'request' | 'taken' | 'refused' | 'fault';
  messageIds: string[];
  status?: number;
  mode: SendGridMode['kind'];
  /** Of each mail taken, in the order of `messageIds`: the word in its one-click link. */
  links?: string[];
}

export interface SendGridStubOptions extends LedgerOptions {
  port?: number;
  /** Bodies and delivered mails are kept unless this is false (long runs). */
  keepMails?: boolean;
  /** Whether the ledger names the links of the mails taken. */
  keepLinks?: boolean;
}

/** A server that behaves as SendGrid's v3 API does, and keeps its own account of what it took. */
export class SendGridStub {
  readonly ledger: Ledger<SendGridEntry>;
  readonly events = new SendGridEvents();
  /** Its lists have modes of their own: a mail's answer is not theirs. */
  readonly lists = new SendGridListsStub();
  readonly requests: { path: string; headers: IncomingMessage['headers']; mail: MailSend }[] = [];
  readonly delivered: DeliveredMail[] = [];
  mode: SendGridMode = { kind: 'accept' };
  private readonly next: SendGridMode[] = [];
  /** Connections that were opened. */
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: SendGridStubOptions,
  ) {
    this.ledger = new Ledger(options);
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      if (this.mode.kind === 'drop_connections') socket.resetAndDestroy();
    });
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(options: SendGridStubOptions = {}): Promise<SendGridStub> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return new SendGridStub(server, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The modes of the coming requests, one each; afterwards `mode` holds again. */
  answerNext(...modes: SendGridMode[]): void {
    this.next.push(...modes);
  }

  /** How often each message was taken: anything but 1 is a lost or a double mail. */
  takenByMessage(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { kind, messageIds } of this.ledger.entries) {
      if (kind !== 'taken') continue;
      for (const id of messageIds) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  account(): Account {
    return accountOf(this.takenByMessage());
  }

  /** Resets every connection, as a load balancer does with those that it finds idle for too long. */
  hangUp(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    this.ledger.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (SendGridListsStub.isAsked(request)) {
      const body = await readAll(request);
      return body === null ? undefined : this.lists.answer(request, body, response);
    }
    const number = (this.count += 1);
    const mode = this.next.shift() ?? this.mode;
    const body = await readAll(request);
    if (body === null) return;
    if (request.method !== 'POST' || request.url !== '/v3/mail/send')
      return reply(response, 404, []);
    if (!request.headers.authorization?.startsWith('Bearer SG.')) {
      const message = 'The provided authorization grant is invalid, expired, or revoked';
      return reply(response, 401, [{ message, field: null, help: null }]);
    }
    const mail = parse(body);
    if (!mail) return reply(response, 400, [{ message: 'Bad Request', field: null, help: null }]);
    if (this.options.keepMails !== false)
      this.requests.push({ path: request.url, headers: request.headers, mail });
    const messageIds = mail.personalizations.map((one) => one.custom_args?.message_id ?? '');
    const note = (kind: SendGridEntry['kind'], status?: number, links?: string[]) =>
      this.ledger.add({
        request: number,
        kind,
        messageIds,
        mode: mode.kind,
        ...(status && { status }),
        ...(links && { links }),
      });
    note('request', mode.kind === 'status' ? mode.status : undefined);
    const take = () => {
      note('taken', undefined, this.options.keepLinks ? linksOf(mail) : undefined);
      if (this.options.keepMails !== false) this.delivered.push(...deliveredMails(mail));
    };
    const faults = [...faultsOf(mail), ...poison(mail, mode)];
    if (faults.length > 0 && mode.kind !== 'status') {
      note('refused', 400);
      return reply(response, 400, faults);
    }
    switch (mode.kind) {
      case 'accept':
      case 'refuse':
      case 'drop_connections':
        take();
        if (mode.kind === 'accept') {
          if (mode.delayMs) await pause(mode.delayMs);
          await mode.until;
        }
        return void response.writeHead(202, { 'X-Message-Id': `stub-${number}` }).end();
      case 'status':
        note('fault', mode.status);
        if (mode.delayMs) await pause(mode.delayMs);
        if (mode.retryAfter !== undefined) response.setHeader('Retry-After', mode.retryAfter);
        return reply(response, mode.status, mode.errors ?? []);
      case 'accept_then_drop':
        take();
        return void request.socket.resetAndDestroy();
      case 'accept_then_hang':
        return take();
      case 'hang':
        return note('fault');
      case 'drop':
        note('fault');
        return void request.socket.destroy();
      case 'trickle':
        take();
        return trickle(request.socket, mode.everyMs);
      case 'late':
        await pause(mode.delayMs);
        take();
        return void response.writeHead(202, { 'X-Message-Id': `stub-${number}` }).end();
      case 'unreadable':
        take();
        return void request.socket.end('HTTP/1.1 2O2 Accepted\r\n\r\n');
    }
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The caller went away in the middle of its request: nothing was taken.
    return null;
  }
  return Buffer.concat(chunks);
}

function parse(body: Buffer): MailSend | null {
  try {
    return JSON.parse(body.toString('utf8')) as MailSend;
  } catch {
    return null;
  }
}

function poison(mail: MailSend, mode: SendGridMode): ApiError[] {
  if (mode.kind !== 'refuse') return [];
  return mail.personalizations.flatMap(({ to }, index) =>
    to.some(({ email }) => mode.addresses.includes(email))
      ? [
          {
            message: `Does not contain a valid address: ${to[0]?.email}`,
            field: mode.naming === false ? null : `personalizations.${index}.to.0.email`,
            help: null,
          },
        ]
      : [],
  );
}

function linksOf(mail: MailSend): string[] {
  return mail.personalizations.map(
    ({ headers }) => /\/u\/([\w-]+)/.exec(headers?.['List-Unsubscribe'] ?? '')?.[1] ?? '',
  );
}

function reply(response: ServerResponse, status: number, errors: ApiError[]): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ errors }));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function trickle(socket: Socket, everyMs: number): Promise<void> {
  for (const character of 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n') {
    if (socket.destroyed) return;
    socket.write(character);
    await pause(everyMs);
  }
}
