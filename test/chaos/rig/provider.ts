import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  SendGridStub,
  type SendGridEntry,
  type SendGridMode,
} from '../../provider-stub/sendgrid-stub';
import { scrambled, SendGridEvents, type SendGridEvent } from '../../provider-stub/sendgrid-events';
import { StubProcess } from '../../provider-stub/stub-process';
import type { DeliveredEvent, ProviderRecord } from '../checker/history';

type Entry = SendGridEntry & { at: number };

/** One in so many addresses does not exist: its delivery ends in a bounce. */
const BOUNCES = 97;

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
  private readonly signer = new SendGridEvents();
  private readonly file: string;
  private position = 0;
  private rest = '';
  readonly records: ProviderRecord[] = [];
  /** Word of the one-click link of every mail taken, by message. */
  readonly links = new Map<string, string>();
  readonly delivered: DeliveredEvent[] = [];
  private readonly events = new Map<string, SendGridEvent[]>();
  private readonly confirmed = new Set<string>();

  private constructor(
    private readonly stub: Stub,
    file: string,
  ) {
    this.file = file;
  }

  static async start(directory: string): Promise<Provider> {
    const file = join(directory, 'provider-ledger.jsonl');
    closeSync(openSync(file, 'a'));
    return new Provider(await StubProcess.start('sendgrid', file, '--links'), file);
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
      file,
    );
  }

  get url(): string {
    return this.stub.url;
  }

  /** The webhooks are signed here, so this is the key the product must know. */
  get publicKey(): string {
    return this.signer.publicKey;
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
      for (const line of lines) this.note(JSON.parse(line) as Entry);
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
    for (let from = 0; from < ids.length; from += 1000) {
      const slice = ids.slice(from, from + 1000);
      const events = slice.flatMap((id) => {
        const all = this.eventsOf(id);
        return only ? all.slice(...(only === 'first' ? [0, 1] : [-1])) : all;
      });
      const statuses = await this.signer
        .post(`${url}/webhooks/sendgrid/events`, scrambled(events, copies, seed))
        .catch(() => [0]);
      if (statuses.some((status) => status !== 204)) {
        whole = false;
        continue;
      }
      const at = Date.now();
      for (const { message_id: messageId, event } of events)
        this.delivered.push({ messageId: String(messageId), type: event, at });
      if (!only) for (const id of slice) this.confirmed.add(id);
    }
    return whole;
  }

  private note({ request, kind, messageIds, status, at, links, ...entry }: Entry): void {
    const mode = entry.mode === 'status' ? `http_${status}` : entry.mode;
    messageIds.forEach((messageId, n) => {
      this.records.push({ messageId, request, kind, mode, at });
      if (kind === 'taken') this.links.set(messageId, links?.[n] ?? '');
    });
  }

  /** The same each time: a copy has the id of its original. */
  private eventsOf(id: string): SendGridEvent[] {
    let events = this.events.get(id);
    if (!events) {
      const bounces = parseInt(id.slice(-6), 16) % BOUNCES === 0;
      const kinds = ['processed', bounces ? 'bounce' : 'delivered'];
      events = kinds.map((kind) => this.signer.event(kind, { messageId: id }));
      this.events.set(id, events);
    }
    return events;
  }
}
