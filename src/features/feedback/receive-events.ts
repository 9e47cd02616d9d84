import { Injectable, Logger } from '@nestjs/common';
import { Unavailable } from '../../platform/errors';
import { Metrics } from '../../platform/operations/metrics';
import { JobQueue } from '../../platform/queues/job-queue';
import { effectOf, KNOWN_TYPES } from './effects';
import type { Stored } from './events.queries';
import type { IncomingEvent } from './incoming-event';
import { StoreEvents } from './store-events';

/** Events in one statement: small posts that wait go together, and a large one alone. */
const TOGETHER = 1_000;
/** Statements at the same time: the other connections are for people who say no. */
const AT_ONCE = 2;
/** Events that may wait in memory; the provider brings the others again. */
const MOST_WAITING = 50_000;

/** A bell that a worker has just heard is not heard again before it is done: then the other one is. */
const BELLS = ['stored', 'stored-too'];

interface Post {
  provider: string;
  events: readonly IncomingEvent[];
  done(): void;
  failed(error: unknown): void;
}

/** Stores events, each once, and rings for the rest: the provider is answered as soon as they are safe. */
@Injectable()
export class ReceiveEvents {
  private readonly log = new Logger('feedback');
  private readonly line: Post[] = [];
  private waiting = 0;
  private storing = 0;

  constructor(
    private readonly store: StoreEvents,
    private readonly metrics: Metrics,
    private readonly queue: JobQueue,
  ) {}

  async run(provider: string, events: readonly IncomingEvent[]): Promise<void> {
    if (events.length === 0) return;
    if (this.waiting > 0 && this.waiting + events.length > MOST_WAITING)
      throw new Unavailable('events_wait', { retryAfterSeconds: 10 });
    await new Promise<void>((done, failed) => {
      this.line.push({ provider, events, done, failed });
      this.waiting += events.length;
      this.next();
    });
  }

  private next(): void {
    while (this.storing < AT_ONCE && this.line.length > 0) {
      const posts = this.take();
      this.storing += 1;
      void this.keep(posts).finally(() => {
        this.storing -= 1;
        this.next();
      });
    }
  }

  private take(): Post[] {
    const { provider } = this.line[0]!;
    let events = 0;
    let posts = 0;
    for (const post of this.line) {
      if (post.provider !== provider || (posts > 0 && events + post.events.length > TOGETHER))
        break;
      events += post.events.length;
      posts += 1;
    }
    this.waiting -= events;
    return this.line.splice(0, posts);
  }

  /** Never throws: each post is told what became of it. */
  private async keep(posts: Post[]): Promise<void> {
    const events = posts.length === 1 ? posts[0]!.events : posts.flatMap((post) => post.events);
    try {
      await this.tell(await this.store.run(posts[0]!.provider, events));
      for (const post of posts) post.done();
    } catch (error) {
      // Data that Postgres refuses must not take along the posts it happened to wait with.
      if (posts.length > 1 && isAboutData(error)) for (const post of posts) await this.keep([post]);
      else for (const post of posts) post.failed(error);
    }
  }

  private async tell(stored: Stored[]): Promise<void> {
    for (const { type, subtype, count, providerEventId } of stored) {
      this.metrics.events.inc({ type: KNOWN_TYPES.has(type) ? type : 'other' }, count);
      const { alarm } = effectOf({ type, subtype });
      const more = count > 1 ? ` (and ${count - 1} more)` : '';
      if (alarm) this.log.warn(`event ${providerEventId}${more}: ${alarm}`);
    }
    if (stored.length > 0) await this.queue.enqueue('feedback.apply', BELLS);
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
const isAboutData = (error: unknown): boolean =>
  /^2[23]/.test((error as { code?: string }).code ?? '');
