import { randomUUID } from 'node:crypto';
import type { PermitRequest } from '../../../src/features/delivery/permit';
import { newId } from '../../../src/platform/ids';
import { grant, World } from '../registry/world';

export interface PlannedPerson {
  value: string;
  contactId: string;
  messageId: string;
}

/** A claimed batch of planned messages, and what a worker would ask a permit for it with. */
export interface ClaimedBatch {
  request: PermitRequest;
  people: PlannedPerson[];
}

/** A registry with runs of campaigns on it, written as launch and claim leave them. */
export class DeliveryWorld {
  private constructor(readonly world: World) {}

  static async open(): Promise<DeliveryWorld> {
    return new DeliveryWorld(await World.open());
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** People who agreed to the topic, each with a planned message in one batch that a worker has claimed. */
  async claimed(topicId: string, values: string[]): Promise<ClaimedBatch> {
    const { db } = this.world;
    const [dispatchId, batchId, campaignId, token] = [newId(), newId(), newId(), randomUUID()];
    await db.query(
      `INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender, policy_version,
         batch_size, materialised_at, audience, created_at)
       VALUES ($1, $2, 'email', 'running', $3, $4, '{}', '2018-04-05', 500, now(), $5, now())`,
      [dispatchId, campaignId, topicId, newId(), values.length],
    );
    await db.query(
      `INSERT INTO batch (id, dispatch_id, number, state, token, lease_until)
       VALUES ($1, $2, 0, 'CLAIMED', $3, now() + interval '45 seconds')`,
      [batchId, dispatchId, token],
    );
    const people: PlannedPerson[] = [];
    for (const value of values)
      people.push(await this.planned(topicId, dispatchId, batchId, value));
    const { tokens } = this.world;
    return {
      people,
      request: {
        dispatchId,
        batchId,
        token,
        messages: people.map(({ messageId }) => ({
          id: messageId,
          linkHash: tokens.hash(tokens.tokenFor(messageId)).toString('hex'),
        })),
      },
    };
  }

  async message(id: string) {
    const [row] = await this.world.db.query<{
      state: string;
      reason: string | null;
      permitAt: Date | null;
    }>(`SELECT state, reason, permit_at AS "permitAt" FROM message_status WHERE id = $1`, [id]);
    return row!;
  }

  /** When the address's no got its place in the ledger, by the database's clock. */
  async noAt(value: string): Promise<Date> {
    const [entry] = await this.world.entries(`address_key = $1 AND kind = 'opt_out'`, [
      this.world.ref(value).key,
    ]);
    return entry!.at as Date;
  }

  private async planned(
    topicId: string,
    dispatchId: string,
    batchId: string,
    value: string,
  ): Promise<PlannedPerson> {
    const { world } = this;
    const contactId = await world.contact(value);
    await world.db.query(`UPDATE contact SET notice_at = now() WHERE id = $1`, [contactId]);
    await world.record(grant(world.ref(value), contactId, topicId));
    const messageId = newId();
    await world.db.query(
      `INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, state, decided_at)
       SELECT $1, $2, $3, a.contact_id, a.id, a.address_key, NULL, now() FROM address a WHERE a.contact_id = $4`,
      [messageId, dispatchId, batchId, contactId],
    );
    return { value, contactId, messageId };
  }
}
