import { performance } from 'node:perf_hooks';
import type { OnModuleDestroy } from '@nestjs/common';
import { GatedHttps, type Exchange } from '../../gated-https';
import { waitSeconds } from './sendgrid-answer';
import type { SendGridAccess } from './sendgrid-request';

/** SendGrid's lists of whom it mails no more. */
export const PROVIDER_LISTS = ['unsubscribes', 'spam_reports', 'bounces', 'blocks'] as const;
export type ProviderList = (typeof PROVIDER_LISTS)[number];

export interface Listed {
  email: string;
  /** When SendGrid put it there. */
  at: Date;
  /** A refusal for now (SMTP 4xx), which says nothing of the address. */
  temporary: boolean;
}

/** Part of a list: of what was put there from `since` (null: ever) until `until`, from `offset` on. */
export interface Stretch {
  since: Date | null;
  until: Date;
  offset: number;
}

export type ListAnswer<T> =
  | { kind: 'done'; value: T }
  /** Asked again it would answer the same. `code` is the HTTP status. */
  | { kind: 'refused'; code: string }
  | { kind: 'later'; code: string; retryAfterSeconds: number | null };

/** So many addresses SendGrid takes at once. */
export const MOST_BLOCKED = 1_000;
const PAGE = 500;
/** A page of bounces brings a mail server's words for each. */
const LONGEST_ANSWER = 4 * 1024 * 1024;
const CONNECT_MS = 5_000;
const ANSWER_MS = 20_000;

/**
 * The marketing subuser's own lists: they are read, and added to. Nothing here takes anybody off one (P-34):
 * a no that is gone cannot be called back.
 */
export class SendGridLists implements OnModuleDestroy {
  private readonly https: GatedHttps;

  constructor(private readonly access: SendGridAccess) {
    this.https = new GatedHttps(new URL(access.baseUrl), 2, LONGEST_ANSWER);
  }

  /** Puts addresses, `MOST_BLOCKED` at most, on the list of those who want no mail; twice is as good as once. */
  async block(emails: readonly string[]): Promise<ListAnswer<null>> {
    const body = Buffer.from(JSON.stringify({ recipient_emails: emails }));
    const exchange = await this.ask('POST', '/v3/asm/suppressions/global', body);
    return answer(exchange, () => null);
  }

  /** The next entries of a list; none: it has no more. */
  async page(list: ProviderList, { since, until, offset }: Stretch): Promise<ListAnswer<Listed[]>> {
    const query = new URLSearchParams({
      ...(since && { start_time: seconds(since) }),
      end_time: seconds(until),
      limit: String(PAGE),
      offset: String(offset),
    });
    const exchange = await this.ask('GET', `/v3/suppression/${list}?${query.toString()}`);
    return answer(exchange, readEntries);
  }

  onModuleDestroy(): void {
    this.https.close();
  }

  private ask(method: 'GET' | 'POST', path: string, body?: Buffer): Promise<Exchange> {
    const startBy = performance.now() + CONNECT_MS;
    return this.https.exchange({
      method,
      path,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${this.access.apiKey}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      body: body ? [body] : [],
      startBy,
      deadline: startBy + ANSWER_MS,
    });
  }
}

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

const later = (code: string, retryAfterSeconds: number | null = null) =>
  ({ kind: 'later', code, retryAfterSeconds }) as const;

/** `read` gives undefined for what cannot be understood. */
function answer<T>(exchange: Exchange, read: (body: string) => T | undefined): ListAnswer<T> {
  if (exchange.kind !== 'answer') return later(exchange.code);
  const { status, headers, body } = exchange;
  if (status >= 200 && status < 300) {
    const value = read(body);
    return value === undefined ? later('unreadable') : { kind: 'done', value };
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    return { kind: 'refused', code: String(status) };
  const wait = Number(waitSeconds(headers));
  return later(String(status), wait >= 0 ? wait : null);
}

/** A page that breaks off, or is no list, is none: taken for the last one it would hide noes. */
function readEntries(body: string): Listed[] | undefined {
  let entries: unknown;
  try {
    entries = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!Array.isArray(entries)) return undefined;
  return entries.map((entry: { email?: unknown; created?: unknown; status?: unknown } | null) => ({
    email: typeof entry?.email === 'string' ? entry.email : '',
    // Without a time it is of today: a no that may be newer than a yes is believed.
    at: typeof entry?.created === 'number' ? new Date(entry.created * 1000) : new Date(),
    temporary: typeof entry?.status === 'string' && entry.status.startsWith('4'),
  }));
}
