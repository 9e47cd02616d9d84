import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import { newId } from '../../platform/ids';
import { JobQueue } from '../../platform/queues/job-queue';
import { insertServiceMessage } from './service-mail.queries';
import type { ServiceMailOrder, ServiceTemplate } from './service-templates';

/** Mails, and a few text messages, that answer what was done with an address. Not marketing: an opt-out does not stop them, the state of the address does. */
@Injectable()
export class ServiceMail {
  constructor(private readonly jobs: JobQueue) {}

  /**
   * Queues a message in the caller's transaction; nothing leaves unless that commits. Null when the same
   * `idempotencyKey` was queued before. `ring` the id after the commit.
   */
  queue<M extends ServiceTemplate>(sql: Sql, order: ServiceMailOrder<M>): Promise<string | null> {
    return insertServiceMessage(sql, order.id ?? newId(), order);
  }

  /** Rings the doorbell; when it is lost, a sweep rings again. */
  async ring(ids: readonly (string | null)[]): Promise<void> {
    const known = ids.filter((id) => id !== null);
    if (known.length > 0) await this.jobs.enqueue('service-mail.send', known);
  }
}
