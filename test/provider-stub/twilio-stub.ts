import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { accountOf, Ledger, type Account, type LedgerOptions } from './ledger';

/** How the stub answers a request. */
export type TwilioMode =
  /** Takes the message at once, and answers after the delay and when `until` is settled. */
  | { kind: 'accept'; delayMs?: number; until?: Promise<unknown> }
  /** An error for these numbers only, or for all of them. */
  | {
      kind: 'refuse';
      status: number;
      code: number;
      numbers?: readonly string[];
      retryAfter?: string;
    }
  /** Takes the message, then drops the connection before any answer. */
  | { kind: 'accept_then_drop' }
  /** Takes the message and answers nothing. */
  | { kind: 'accept_then_hang' }
  | { kind: 'hang' }
  /** Answers 201 byte by byte. */
  | { kind: 'trickle'; everyMs: number }
  /** Reads the request and closes before the first header, without taking the message. */
  | { kind: 'drop' }
  /** Takes the message only after the delay, whether or not the caller still waits. */
  | { kind: 'late'; delayMs: number }
  /** Takes the message and answers 201 with something that is no JSON. */
  | { kind: 'unreadable' };

export interface TwilioEntry {
  /** Number of the request, from 1. */
  request: number;
  /** `taken` = this recipient will get the message, whatever the caller was told. */
  kind: 'request' | 'taken' | 'refused' | 'fault';
  messageId: string;
  mode: TwilioMode['kind'];
  /** Of a refusal: the HTTP status, and the error's number. */
  status?: number;
  code?: number;
  /** The word in its opt-out link. */
  link?: string;
  /** What was taken, without its text; in long runs. */
  sms?: Omit<TakenSms, 'body'>;
}

/** What Twilio's own list says of a message, beside what it was told. */
export interface ListedSms {
  status: string;
  error_code?: number | null;
  num_segments?: string;
  price?: string | null;
  price_unit?: string;
  /** As Twilio shows a body that it was told to forget. */
  body?: string;
}

export interface TakenSms {
  sid: string;
  messageId: string;
  to: string;
  from: string;
  body: string;
  validityPeriod: number;
  statusCallback: string;
  /** YYYY-MM-DD, in GMT. */
  day: string;
}

export interface TwilioStubOptions extends LedgerOptions {
  port?: number;
  /** Messages taken are kept unless this is false (long runs). */
  keepMessages?: boolean;
  /** Whether the ledger tells what is needed to call back about a message taken. */
  keepLinks?: boolean;
}

/** What Twilio sends: a form, and its signature. */
export interface SignedCall {
  url: string;
  body: string;
  signature: string;
}

export const TWILIO = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'stub-auth-token-0123456789abcdef',
  from: '+46700000001',
};

/**
 * The signature of a call (https://www.twilio.com/docs/usage/security): the URL, then each parameter's name and value,
 * sorted by name; HMAC-SHA1 with the auth token, base64. Written from the description, not with the SDK.
 */
export function signatureOf(
  url: string,
  params: Record<string, string>,
  authToken = TWILIO.authToken,
): string {
  const text = Object.keys(params)
    .sort()
    .reduce((whole, name) => whole + name + params[name], url);
  return createHmac('sha1', authToken).update(Buffer.from(text, 'utf8')).digest('base64');
}

export function signedCall(
  url: string,
  params: Record<string, string>,
  authToken?: string,
): SignedCall {
  return {
    url,
    body: new URLSearchParams(params).toString(),
    signature: signatureOf(url, params, authToken),
  };
}

/** A status callback, as Twilio posts it. */
export function statusCall(
  { sid, to, from, statusCallback }: TakenSms,
  status: string,
  errorCode?: number,
  more: Record<string, string> = {},
): SignedCall {
  return signedCall(statusCallback, {
    AccountSid: TWILIO.accountSid,
    ApiVersion: '2010-04-01',
    From: from,
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: to,
    ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
    ...more,
  });
}

/** Somebody writes to us. */
export function inboundCall(url: string, from: string, body: string): SignedCall {
  const sid = `SM${randomBytes(16).toString('hex')}`;
  return signedCall(url, {
    AccountSid: TWILIO.accountSid,
    ApiVersion: '2010-04-01',
    Body: body,
    From: from,
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: TWILIO.from,
  });
}

const PATH = `/2010-04-01/Accounts/${TWILIO.accountSid}/Messages.json`;

/** A server that behaves as Twilio's Messages resource does, and keeps its own account of what it took. */
export class TwilioStub {
  readonly ledger: Ledger<TwilioEntry>;
  readonly taken: TakenSms[] = [];
  mode: TwilioMode = { kind: 'accept' };
  /** By SID; a message of which nothing is said here is queued. */
  readonly listed = new Map<string, ListedSms>();
  /** What the list was asked for. */
  readonly asked: Record<string, string>[] = [];
  largestPage = 1_000;
  /** Numbers that the list is not asked for with success. */
  readonly refusedNumbers = new Set<string>();
  /** When set, the list answers so. */
  listStatus: number | null = null;
  private readonly next: TwilioMode[] = [];
  private readonly sockets = new Set<Socket>();
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: TwilioStubOptions,
  ) {
    this.ledger = new Ledger(options);
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(options: TwilioStubOptions = {}): Promise<TwilioStub> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return new TwilioStub(server, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The modes of the coming requests, one each; afterwards `mode` holds again. */
  answerNext(...modes: TwilioMode[]): void {
    this.next.push(...modes);
  }

  /** How often each message was taken: anything but 1 is a lost or a double message. */
  takenByMessage(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { kind, messageId } of this.ledger.entries) {
      if (kind === 'taken') counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
    }
    return counts;
  }

  account(): Account {
    return accountOf(this.takenByMessage());
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    this.ledger.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.list(request, response);
    const number = (this.count += 1);
    const mode = this.next.shift() ?? this.mode;
    const text = await readAll(request);
    if (text === null) return;
    if (!isLoggedIn(request)) return fail(response, 401, 20003);
    if (request.method !== 'POST' || request.url !== PATH) return fail(response, 404, 20404);
    const sms = read(text);
    const note = (kind: TwilioEntry['kind'], refusal: { status?: number; code?: number } = {}) => {
      const { body, ...rest } = sms;
      this.ledger.add({
        request: number,
        kind,
        messageId: sms.messageId,
        mode: mode.kind,
        ...refusal,
        ...(kind === 'taken' && { link: /\/s\/(\w+)/.exec(body)?.[1] ?? '' }),
        ...(kind === 'taken' && this.options.keepLinks && { sms: rest }),
      });
    };
    note('request', mode.kind === 'refuse' && !mode.numbers ? { status: mode.status } : {});
    const fault = faultOf(sms);
    if (fault !== null) {
      note('refused', { status: 400, code: fault });
      return fail(response, 400, fault);
    }
    const take = () => {
      note('taken');
      if (this.options.keepMessages !== false) this.taken.push(sms);
    };
    switch (mode.kind) {
      case 'accept':
        take();
        if (mode.delayMs) await pause(mode.delayMs);
        await mode.until;
        return created(response, sms);
      case 'refuse':
        if (mode.numbers && !mode.numbers.includes(sms.to)) {
          take();
          return created(response, sms);
        }
        note('refused', { status: mode.status, code: mode.code });
        if (mode.retryAfter !== undefined) response.setHeader('Retry-After', mode.retryAfter);
        return fail(response, mode.status, mode.code);
      case 'accept_then_drop':
        take();
        return void request.socket.resetAndDestroy();
      case 'accept_then_hang':
        return take();
      case 'hang':
        return note('fault');
      case 'trickle':
        take();
        return trickle(request.socket, mode.everyMs);
      case 'drop':
        note('fault');
        return void request.socket.destroy();
      case 'late':
        await pause(mode.delayMs);
        take();
        return created(response, sms);
      case 'unreadable':
        take();
        return void response.writeHead(201).end('<html>Created</html>');
    }
  }

  /** GET Messages.json: what was sent in some days, or to one number, newest first. */
  private list(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://stub');
    this.asked.push(Object.fromEntries(query));
    if (!isLoggedIn(request)) return fail(response, 401, 20003);
    if (pathname !== PATH) return fail(response, 404, 20404);
    if (this.refusedNumbers.has(query.get('To') ?? '')) return fail(response, 400, 21211);
    if (this.listStatus !== null) return fail(response, this.listStatus, 20429);
    const [to, day] = [query.get('To'), query.get('DateSent')];
    const [from, until] = [query.get('DateSent>') ?? '', query.get('DateSent<') ?? '9'];
    const all = this.taken
      .filter((sms) => (to === null || sms.to === to) && (day === null || sms.day === day))
      .filter((sms) => sms.day >= from && sms.day <= until)
      .reverse();
    const size = Math.min(Number(query.get('PageSize') ?? 50), this.largestPage);
    const page = Number(query.get('Page') ?? 0);
    const messages = all
      .slice(page * size, (page + 1) * size)
      .map((sms) => ({ ...toResource(sms), ...this.listed.get(sms.sid) }));
    query.set('Page', String(page + 1));
    const next_page_uri = (page + 1) * size < all.length ? `${pathname}?${query.toString()}` : null;
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ messages, page, page_size: size, next_page_uri }));
  }
}

function isLoggedIn(request: IncomingMessage): boolean {
  const login = Buffer.from(`${TWILIO.accountSid}:${TWILIO.authToken}`).toString('base64');
  return request.headers.authorization === `Basic ${login}`;
}

function toResource({ sid, to, from, body }: TakenSms) {
  return {
    sid,
    account_sid: TWILIO.accountSid,
    to,
    from,
    body,
    status: 'queued',
    direction: 'outbound-api',
    error_code: null,
    num_segments: '1',
    price: null,
    price_unit: 'SEK',
  };
}

function read(text: string): TakenSms {
  const form = new URLSearchParams(text);
  const statusCallback = form.get('StatusCallback') ?? '';
  const mid = URL.canParse(statusCallback) ? new URL(statusCallback).searchParams.get('mid') : null;
  return {
    sid: `SM${randomBytes(16).toString('hex')}`,
    messageId: mid ?? '',
    to: form.get('To') ?? '',
    from: form.get('From') ?? form.get('MessagingServiceSid') ?? '',
    body: form.get('Body') ?? '',
    validityPeriod: Number(form.get('ValidityPeriod')),
    statusCallback,
    day: new Date().toISOString().slice(0, 10),
  };
}

/** What the API refuses by itself, with its error's number. */
function faultOf({ to, from, body, validityPeriod }: TakenSms): number | null {
  if (to === '') return 21604;
  if (!/^\+[1-9]\d{7,14}$/.test(to)) return 21211;
  if (from === '') return 21603;
  if (body === '') return 21602;
  if (body.length > 1600) return 21617;
  return validityPeriod >= 1 && validityPeriod <= 36_000 ? null : 30007;
}

function created(response: ServerResponse, { sid, to, from }: TakenSms): void {
  const body = {
    sid,
    to,
    from,
    status: 'queued',
    error_code: null,
    num_segments: '1',
    price: null,
  };
  response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: number): void {
  const body = { code, message: `Error ${code}`, more_info: '', status };
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function trickle(socket: Socket, everyMs: number): Promise<void> {
  for (const character of 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n') {
    if (socket.destroyed) return;
    socket.write(character);
    await pause(everyMs);
  }
}

async function readAll(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The caller went away in the middle of its request: nothing was taken.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
