import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../../src/domain/address';
import { scrambled } from '../../provider-stub/sendgrid-events';
import { SendGridStub, type SendGridMode } from '../../provider-stub/sendgrid-stub';
import { StubProcess } from '../../provider-stub/stub-process';
import type { DeliveredEvent, ProviderRecord } from '../checker/history';
import { SendGridSide } from './sendgrid-side';
import { TwilioSide } from './twilio-side';

/** One in so many addresses does not exist: its delivery ends in a bounce. */
const BOUNCES = 97;
/** How many messages are told of before it is noted that they were. */
const SLICE = 1_000;

/** What the provider's ledger says of one message. */
export interface LedgerLine extends ProviderRecord {
  /** Word of its opt-out link, once it is taken. */
  link?: string;
}

export interface Told {
  messageId: string;
  /** processed, delivered, bounce: as the product calls them. */
  type: string;
}

/** What differs between providers: what the product must know of it, how its ledger reads, and how it tells. */
export interface Side {
  readonly stub: 'sendgrid' | 'twilio';
  settings(url: string): Record<string, string>;
  read(line: string): LedgerLine[];
  /** What happened to a message, first to last; a copy has the id of its original. */
  eventsOf(messageId: string, bounces: boolean): Told[];
  /** True when the product took them all. */
  post(url: string, events: readonly Told[]): Promise<boolean>;
}

interface Telling {
  copies?: number;
  seed?: number;
  only?: 'first' | 'last';
}

/** What steers a stub, here or in another process. */
interface Stub {
  url: string;
  answerNext(...modes: object[]): Promise<void>;
  setMode(mode: object): Promise<void>;
  stop(): Promise<void>;
}

/** The provider of a run: a process of its own, with its own durable account; and the webhooks it sends. */
export class Provider {
  private position = 0;
  private rest = '';
  readonly records: ProviderRecord[] = [];
  /** Word of the opt-out link of every message taken. */
  readonly links = new Map<string, string>();
  readonly delivered: DeliveredEvent[] = [];
  private readonly events = new Map<string, Told[]>();
  private readonly confirmed = new Set<string>();

  private constructor(
    private readonly stub: Stub,
    private readonly side: Side,
    private readonly file: string,
  ) {}

  static async start(directory: string, channel: Channel = 'email'): Promise<Provider> {
    const file = join(directory, 'provider-ledger.jsonl');
    closeSync(openSync(file, 'a'));
    const side = channel === 'sms' ? new TwilioSide() : new SendGridSide();
    return new Provider(await StubProcess.start(side.stub, file, '--links'), side, file);
  }

  /** For small runs, in which only the product is killed. */
  static async inProcess(directory: string): Promise<Provider> {
    const file = join(directory, 'provider-ledger.jsonl');
    const stub = await SendGridStub.start({ file, keepMails: false, keepLinks: true });
    return new Provider(
      {
        url: stub.url,
        answerNext: async (...modes) => stub.answerNext(...(modes as SendGridMode[])),
        setMode: async (mode) => void (stub.mode = mode as SendGridMode),
        stop: () => stub.stop(),
      },
      new SendGridSide(),
      file,
    );
  }

  /** What the product must be told to use it. */
  get settings(): Record<string, string> {
    return this.side.settings(this.stub.url);
  }

  next(...modes: object[]): Promise<void> {
    return this.stub.answerNext(...modes);
  }

  setMode(mode: object): Promise<void> {
    return this.stub.setMode(mode);
  }

  stop(): Promise<void> {
    return this.stub.stop();
  }

  /** Reads what the provider has written since. */
  read(): void {
    const fd = openSync(this.file, 'r');
    const buffer = Buffer.alloc(1 << 20);
    for (;;) {
      const size = readSync(fd, buffer, 0, buffer.length, this.position);
      if (size === 0) break;
      this.position += size;
      this.rest += buffer.toString('latin1', 0, size);
      const lines = this.rest.split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.note(line);
    }
    closeSync(fd);
  }

  /** Messages that were taken and about which some event has not been told yet. */
  untold(): string[] {
    this.read();
    return [...this.links.keys()].filter((id) => !this.confirmed.has(id));
  }

  /**
   * Posts what happened to these messages, `copies` times and in no order. `only` leaves events out, as a provider
   * does that will tell the rest later. True when the webhook took everything.
   */
  async tell(
    url: string,
    ids: readonly string[],
    { copies = 1, seed = 1, only }: Telling = {},
  ): Promise<boolean> {
    let whole = true;
    for (let from = 0; from < ids.length; from += SLICE) {
      const slice = ids.slice(from, from + SLICE);
      const events = slice.flatMap((id) => {
        const all = this.eventsOf(id);
        return only ? all.slice(...(only === 'first' ? [0, 1] : [-1])) : all;
      });
      if (!(await this.side.post(url, scrambled(events, copies, seed)))) {
        whole = false;
        continue;
      }
      const at = Date.now();
      for (const { messageId, type } of events) this.delivered.push({ messageId, type, at });
      if (!only) for (const id of slice) this.confirmed.add(id);
    }
    return whole;
  }

  private note(line: string): void {
    for (const { link, ...record } of this.side.read(line)) {
      this.records.push(record);
      if (record.kind === 'taken') this.links.set(record.messageId, link ?? '');
    }
  }

  private eventsOf(id: string): Told[] {
    let events = this.events.get(id);
    if (!events) {
      events = this.side.eventsOf(id, parseInt(id.slice(-6), 16) % BOUNCES === 0);
      this.events.set(id, events);
    }
    return events;
  }
}
