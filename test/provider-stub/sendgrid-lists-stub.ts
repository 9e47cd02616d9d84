import type { IncomingMessage, ServerResponse } from 'node:http';

const LISTS = ['unsubscribes', 'spam_reports', 'bounces', 'blocks'] as const;
export type StubList = (typeof LISTS)[number];

export interface StubEntry {
  email: string;
  /** Seconds since 1970. */
  created: number;
  reason?: string;
  status?: string;
}

/** How the stub answers a request about its lists. */
export type ListsMode =
  | { kind: 'answer'; delayMs?: number }
  | { kind: 'status'; status: number; retryAfter?: string }
  /** 403 for what reads this list. */
  | { kind: 'forbidden'; list: StubList }
  /** 400 for the whole request when it holds one of these addresses. */
  | { kind: 'refuse'; addresses: readonly string[] }
  /** Adds what it is told to, then drops the connection before any answer. */
  | { kind: 'add_then_drop' }
  /** Answers half of a page. */
  | { kind: 'break_off' };

export interface ListRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** Addresses that were handed over. */
  emails: string[];
}

/**
 * SendGrid's suppressions, as its API description of 2026-01 has them: four lists that are read in pages, newest first,
 * and one way to add. Addresses are kept in small letters, as SendGrid does. Its key has no right to delete.
 */
export class SendGridListsStub {
  readonly requests: ListRequest[] = [];
  mode: ListsMode = { kind: 'answer' };
  private readonly next: ListsMode[] = [];
  private readonly entries = new Map<StubList, Map<string, StubEntry>>(
    LISTS.map((list) => [list, new Map()]),
  );

  /** The modes of the coming requests, one each; afterwards `mode` holds again. */
  answerNext(...modes: ListsMode[]): void {
    this.next.push(...modes);
  }

  /** The provider itself puts somebody on a list: by default now. */
  put(list: StubList, email: string, more: Partial<StubEntry> = {}): void {
    const created = Math.floor(Date.now() / 1000);
    const key = email.toLowerCase();
    this.of(list).set(key, { email: key, created, ...more });
  }

  /** Somebody takes an address off in the provider's own console. */
  takeOff(list: StubList, email: string): void {
    this.of(list).delete(email.toLowerCase());
  }

  emails(list: StubList): string[] {
    return [...this.of(list).keys()].sort();
  }

  /** Addresses that were handed over to be blocked, in the order they came. */
  handedOver(): string[] {
    return this.requests.flatMap(({ emails }) => emails);
  }

  static isAsked({ url = '/' }: IncomingMessage): boolean {
    return /^\/v3\/(suppression|asm)\//.test(url);
  }

  async answer(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://stub');
    const mode = this.next.shift() ?? this.mode;
    const emails = read(body);
    const query = Object.fromEntries(searchParams);
    this.requests.push({ method: request.method ?? '', path, query, emails });
    if (!request.headers.authorization?.startsWith('Bearer SG.')) return reply(response, 401);
    if (mode.kind === 'status') {
      if (mode.retryAfter !== undefined) response.setHeader('Retry-After', mode.retryAfter);
      return reply(response, mode.status);
    }
    if (mode.kind === 'answer' && mode.delayMs)
      await new Promise((resolve) => setTimeout(resolve, mode.delayMs));
    if (request.method === 'DELETE') return reply(response, 403);
    const list = LISTS.find((name) => path === `/v3/suppression/${name}`);
    if (mode.kind === 'forbidden' && list === mode.list) return reply(response, 403);
    if (list && request.method === 'GET') {
      const page = JSON.stringify(this.page(list, searchParams));
      response.writeHead(200, { 'Content-Type': 'application/json' });
      return void response.end(mode.kind === 'break_off' ? page.slice(0, page.length / 2) : page);
    }
    if (path !== '/v3/asm/suppressions/global' || request.method !== 'POST')
      return reply(response, 404);
    const refused = mode.kind === 'refuse' && emails.some((one) => mode.addresses.includes(one));
    if (refused || emails.length > 1_000) return reply(response, 400);
    for (const email of emails)
      if (!this.of('unsubscribes').has(email)) this.put('unsubscribes', email);
    if (mode.kind === 'add_then_drop') return void request.socket.resetAndDestroy();
    reply(response, 201, { recipient_emails: emails });
  }

  private page(list: StubList, query: URLSearchParams): StubEntry[] {
    const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
    const [since, until] = [number('start_time', 0), number('end_time', Infinity)];
    const offset = number('offset', 0);
    const all = [...this.of(list).values()]
      .filter(({ created }) => created >= since && created <= until)
      .sort((one, other) => other.created - one.created || (one.email < other.email ? -1 : 1));
    return all.slice(offset, offset + Math.min(number('limit', 500), 500));
  }

  private of(list: StubList): Map<string, StubEntry> {
    return this.entries.get(list)!;
  }
}

function read(body: Buffer): string[] {
  if (body.length === 0) return [];
  const { recipient_emails: emails = [] } = JSON.parse(body.toString('utf8')) as {
    recipient_emails?: string[];
  };
  return emails.map((email) => email.toLowerCase());
}

function reply(response: ServerResponse, status: number, body: object = { errors: [] }): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
