import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Secrets } from '../../platform/config/secrets';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { isUuid, newId } from '../../platform/ids';
import { postWebhook, type PostAnswer } from './post-webhook';
import { secretOf, sign } from './sign';
import type { WebhookDelivery } from './webhooks.dto';
import {
  COLLECT_CLICKS,
  COLLECT_ENTRIES,
  COLLECT_RUNS,
  DELIVERED,
  DELIVERY_OF,
  FAILED,
  FORGET,
  LOCK_CLICK_MARK,
  LOCK_MARK,
  MAKE_CLICK_MARK,
  MAKE_MARK,
  MAKE_TEST,
  MOVE_CLICK_MARK,
  MOVE_MARK,
  NEXT_STRETCH,
  ORDER_OF,
  SEND_AGAIN,
  TAKE_DUE,
} from './webhooks.queries';

/** Ledger entries that one statement looks at, and stretches in one turn. */
const STRETCH = 5_000;
const MOST_STRETCHES = 20;
/** Under way at the same time, and rounds in one turn: one slow receiver must not take a worker's night. */
const AT_ONCE = 8;
const MOST_ROUNDS = 12;
/** 15 s, 1 min, 4 min, 16 min, an hour, four hours, and then every eight hours. */
const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 8 * 3600;

interface Order {
  id: string;
  endpointId: string;
  attempts: number;
  body: string;
  url: string;
  generation: number;
  previousToo: boolean;
}

/** Tells other systems what the ledger, the runs and the clicks say: no event lost, none made twice, each told at least once. */
@Injectable()
export class DeliverWebhooks {
  private readonly log = new Logger('webhooks');

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly secrets: Secrets,
  ) {}

  /** The timer's. Safe in any number of processes. */
  async run(): Promise<void> {
    for (let left = MOST_STRETCHES; left > 0 && (await this.collectStretch());) left -= 1;
    await this.db.query(COLLECT_RUNS);
    await this.collectClicks();
    for (let left = MOST_ROUNDS; left > 0; left -= 1) {
      const due = await this.db.query<Order & Record<string, unknown>>(TAKE_DUE, [AT_ONCE]);
      await Promise.all(due.map((order) => this.deliver(order)));
      if (due.length < AT_ONCE) return;
    }
  }

  async forget(): Promise<void> {
    await this.db.query(FORGET);
  }

  /** An event of no meaning, sent once and at once. */
  async test(endpointId: string): Promise<WebhookDelivery> {
    const [made] = isUuid(endpointId)
      ? await this.db.query<{ id: string }>(MAKE_TEST, [newId(), endpointId])
      : [];
    if (!made) throw new NotFound('no_such_webhook');
    const [order] = await this.db.query<Order & Record<string, unknown>>(ORDER_OF, [made.id]);
    const answer = await this.post(order!);
    if (arrived(answer)) await this.db.query(DELIVERED, [made.id, answer.status, answer.answer]);
    else await this.db.query(FAILED, [made.id, answer.status, answer.answer, null]);
    return this.read(made.id);
  }

  /** Due now, whatever became of it before. */
  async again(endpointId: string, id: string): Promise<WebhookDelivery> {
    const known = isUuid(id) && isUuid(endpointId);
    const found = known ? await this.db.query(SEND_AGAIN, [id, endpointId]) : [];
    if (found.length === 0) throw new NotFound('no_such_delivery');
    return this.read(id);
  }

  /** By sealed positions, which have no gaps and never change: nothing can commit behind the mark. */
  private collectStretch(): Promise<boolean> {
    return this.db.tx(async (tx) => {
      await tx.query(MAKE_MARK);
      const [mark] = await tx.query<{ position: number }>(LOCK_MARK);
      const [stretch] = await tx.query<{ until: number | null }>(NEXT_STRETCH, [
        mark!.position,
        STRETCH,
      ]);
      const until = stretch?.until ?? null;
      if (until === null) return false;
      await tx.query(COLLECT_ENTRIES, [mark!.position, until]);
      await tx.query(MOVE_MARK, [until]);
      return true;
    });
  }

  private collectClicks(): Promise<void> {
    return this.db.tx(async (tx) => {
      await tx.query(MAKE_CLICK_MARK);
      const [mark] = await tx.query<{ position: number; until: number }>(LOCK_CLICK_MARK);
      await tx.query(COLLECT_CLICKS, [mark!.position]);
      await tx.query(MOVE_CLICK_MARK, [mark!.until]);
    });
  }

  private async deliver(order: Order): Promise<void> {
    const answer = await this.post(order);
    if (arrived(answer)) {
      await this.db.query(DELIVERED, [order.id, answer.status, answer.answer]);
      return;
    }
    this.log.warn(`webhook ${order.id} did not arrive: ${answer.status ?? answer.answer}`);
    const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 4 ** (order.attempts - 1));
    // Not all at the same moment, or a receiver that comes back is struck down again.
    const jittered = pause * (0.8 + 0.4 * Math.random());
    await this.db.query(FAILED, [order.id, answer.status, answer.answer, jittered]);
  }

  private post(order: Order): Promise<PostAnswer> {
    const { id, endpointId, generation, previousToo, url, body } = order;
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const generations = previousToo ? [generation, generation - 1] : [generation];
    const secrets = generations.map((one) => secretOf(this.secrets.session, endpointId, one));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Utskick',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(secrets, id, timestamp, body),
    };
    return postWebhook(url, headers, body, this.env.NODE_ENV !== 'production');
  }

  private async read(id: string): Promise<WebhookDelivery> {
    const [row] = await this.db.query<WebhookDelivery & Record<string, unknown>>(DELIVERY_OF, [id]);
    return row!;
  }
}

const arrived = ({ status }: PostAnswer): boolean =>
  status !== null && status >= 200 && status < 300;
