import { performance } from 'node:perf_hooks';
import type { OnModuleDestroy } from '@nestjs/common';
import { GatedHttps } from '../../gated-https';
import type { TwilioAccess } from './twilio-messages';

export interface SentSms {
  /** The whole text; empty where Twilio was told to forget it. */
  body: string;
  /** What a status callback would say of it now, under the names that a callback uses. */
  told: Record<string, string>;
}

export type SentAnswer =
  | {
      kind: 'done';
      messages: SentSms[];
      /** Where the list goes on; null at its end. */
      next: string | null;
    }
  | { kind: 'failed'; code: string };

/** More than anybody gets from us in two days. */
const TO_ONE = 100;
const OF_A_DAY = 500;
const LONGEST_ANSWER = 4 * 1024 * 1024;
const CONNECT_MS = 5_000;
const ANSWER_MS = 15_000;

/** Twilio's own account of the text messages it has taken: read, never written. */
export class TwilioSent implements OnModuleDestroy {
  private readonly https: GatedHttps;
  private readonly path: string;

  constructor(
    private readonly access: Pick<TwilioAccess, 'accountSid' | 'authToken'> & { baseUrl: string },
  ) {
    this.https = new GatedHttps(new URL(access.baseUrl), 1, LONGEST_ANSWER);
    this.path = `/2010-04-01/Accounts/${access.accountSid}/Messages.json?`;
  }

  /** What went to this number from the day of `from` to that of `until`, both included (GMT). */
  to(number: string, from: Date, until: Date): Promise<SentAnswer> {
    // The comparison is part of the parameter's name: `DateSent>=2026-11-23` means from that day on.
    const query = { To: number, 'DateSent>': day(from), 'DateSent<': day(until) };
    return this.ask({ ...query, PageSize: String(TO_ONE) });
  }

  /** Everything of a day (GMT), page by page: `next` as the page before gave it. */
  of(at: Date, next: string | null): Promise<SentAnswer> {
    return next === null
      ? this.ask({ DateSent: day(at), PageSize: String(OF_A_DAY) })
      : this.read(next);
  }

  onModuleDestroy(): void {
    this.https.close();
  }

  private ask(query: Record<string, string>): Promise<SentAnswer> {
    return this.read(this.path + new URLSearchParams(query).toString());
  }

  private async read(path: string): Promise<SentAnswer> {
    const { accountSid, authToken } = this.access;
    const startBy = performance.now() + CONNECT_MS;
    const exchange = await this.https.exchange({
      method: 'GET',
      path,
      headers: {
        Accept: 'application/json',
        Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      },
      body: [],
      startBy,
      deadline: startBy + ANSWER_MS,
    });
    if (exchange.kind !== 'answer') return { kind: 'failed', code: exchange.code };
    if (exchange.status !== 200) return { kind: 'failed', code: String(exchange.status) };
    const page = readPage(exchange.body);
    if (!page) return { kind: 'failed', code: 'unreadable' };
    // Our login goes to our own account's list and nowhere else.
    const next = page.next?.startsWith(this.path) ? page.next : null;
    return { kind: 'done', messages: page.messages, next };
  }
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

/** Null: no list of messages. What others have sent to us is left out. */
function readPage(body: string): { messages: SentSms[]; next: string | null } | null {
  let page: { messages?: unknown; next_page_uri?: unknown } | null;
  try {
    page = JSON.parse(body) as typeof page;
  } catch {
    return null;
  }
  if (!Array.isArray(page?.messages)) return null;
  const messages = page.messages.flatMap((message: Record<string, unknown> | null) =>
    message && text(message.direction).startsWith('outbound') ? [toSent(message)] : [],
  );
  return { messages, next: text(page.next_page_uri) || null };
}

function toSent(message: Record<string, unknown>): SentSms {
  return {
    body: text(message.body),
    told: {
      MessageSid: text(message.sid),
      MessageStatus: text(message.status),
      ErrorCode: text(message.error_code),
      NumSegments: text(message.num_segments),
      Price: text(message.price),
      PriceUnit: text(message.price_unit),
    },
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
