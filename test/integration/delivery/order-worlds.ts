import { randomUUID } from 'node:crypto';
import type { PermitRequest } from '../../../src/features/delivery/permit';
import type { LinkTokens } from '../../../src/features/registry/link-tokens';
import { newId } from '../../../src/platform/ids';
import { grant, type World } from '../registry/world';

/**
 * Two campaigns that two workers have claimed a batch of, and somebody who is about to say no. The leaver has
 * two addresses, the sharer the second of them too, so the no binds both; the stayers have nothing to do with it.
 * The first batch writes to leaver, sharer and a stayer, the second to the sharer and another stayer: a no can
 * hold one row and wait for the other, which is what a deadlock needs.
 */
export interface OrderWorld {
  leaving: string;
  batches: [ClaimedBatch, ClaimedBatch];
}

export interface ClaimedBatch {
  request: PermitRequest;
  /** Messages that the no forbids, and one that it does not. */
  bound: string[];
  free: string;
}

interface Person {
  contactId: string;
  values: string[];
}

interface Row {
  id: string;
  batchId: string;
  dispatchId: string;
  person: Person;
  value: string;
}

/** Makes worlds a few hundred at a time, set by set; each is used once, since a no stays. */
export class OrderWorlds {
  private readonly ready: OrderWorld[] = [];
  private making: Promise<void> | null = null;
  private made = 0;

  private readonly tokens: LinkTokens;

  constructor(
    private readonly world: World,
    private readonly topicId: string,
    private readonly atOnce = 300,
  ) {
    this.tokens = world.tokens;
  }

  async take(): Promise<OrderWorld> {
    for (;;) {
      const world = this.ready.pop();
      if (world) return world;
      this.making ??= this.make().finally(() => (this.making = null));
      await this.making;
    }
  }

  private async make(): Promise<void> {
    const { db } = this.world;
    const dispatches = [await this.dispatch(), await this.dispatch()];
    const people: Person[] = [];
    const rows: Row[] = [];
    const worlds: OrderWorld[] = [];
    for (let n = 0; n < this.atOnce; n += 1) {
      const name = `${(this.made += 1)}@example.com`;
      const person = (...values: string[]): Person => ({ contactId: newId(), values });
      const leaver = person(`leaver${name}`, `both${name}`);
      const sharer = person(`both${name}`);
      people.push(leaver, sharer);
      const batches = dispatches.map((dispatchId, side) => {
        const stayer = person(`stayer${side}-${name}`);
        people.push(stayer);
        const batchId = newId();
        const messages = (side === 0 ? [leaver, sharer, stayer] : [sharer, stayer]).map((one) => {
          return { id: newId(), batchId, dispatchId, person: one, value: one.values[0]! };
        });
        rows.push(...messages);
        return this.claimed(dispatchId, batchId, messages);
      });
      worlds.push({ leaving: leaver.values[0]!, batches: batches as OrderWorld['batches'] });
    }
    await this.insertPeople(people);
    await db.query(
      `INSERT INTO batch (id, dispatch_id, number, state, token, lease_until)
       SELECT id, dispatch_id, n, 'CLAIMED', token, now() + interval '1 hour'
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS b(id, dispatch_id, token, n)`,
      [
        worlds.flatMap(({ batches }) => batches.map(({ request }) => request.batchId)),
        worlds.flatMap(({ batches }) => batches.map(({ request }) => request.dispatchId)),
        worlds.flatMap(({ batches }) => batches.map(({ request }) => request.token)),
      ],
    );
    await this.insertMessages(rows);
    // As autovacuum would leave them: no plan may depend on tables that were just filled.
    await db.query('ANALYZE contact, address, gate, batch, message, ledger_entry');
    this.ready.push(...worlds);
  }

  private claimed(dispatchId: string, batchId: string, messages: Row[]): ClaimedBatch {
    const ids = messages.map(({ id }) => id);
    return {
      bound: ids.slice(0, -1),
      free: ids.at(-1)!,
      request: {
        dispatchId,
        batchId,
        token: randomUUID(),
        messages: messages.map(({ id }) => ({
          id,
          linkHash: this.tokens.hash(this.tokens.tokenFor(id)).toString('hex'),
        })),
      },
    };
  }

  private async dispatch(): Promise<string> {
    const id = newId();
    await this.world.db.query(
      `INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender, policy_version,
         batch_size, materialised_at, audience, created_at)
       VALUES ($1, $2, 'email', 'running', $3, $4, '{}', '2018-04-05', 500, now(), $5, now())`,
      [id, newId(), this.topicId, newId(), this.atOnce * 3],
    );
    return id;
  }

  private async insertPeople(people: Person[]): Promise<void> {
    const { db } = this.world;
    await db.query(
      `INSERT INTO contact (id, kinds, first_name, notice_at, created_at, updated_at)
       SELECT id, '{company_contact}', 'Kim', now(), now(), now() FROM unnest($1::uuid[]) AS c(id)`,
      [people.map(({ contactId }) => contactId)],
    );
    const addresses = people.flatMap(({ contactId, values }) =>
      values.map((value) => ({ contactId, value, ...this.world.ref(value) })),
    );
    await db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       SELECT id, contact_id, 'email', value, value, key, version, 'company_contact', now()
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::smallint[])
         AS a(id, contact_id, value, key, version)`,
      [
        addresses.map(() => newId()),
        addresses.map(({ contactId }) => contactId),
        addresses.map(({ value }) => value),
        addresses.map(({ key }) => key),
        addresses.map(({ version }) => version),
      ],
    );
    // The first address of each agreed; the leaver's second is the sharer's first.
    const acts = people.map(({ contactId, values }) =>
      grant(this.world.ref(values[0]!), contactId, this.topicId),
    );
    await this.world.record(...acts);
  }

  private async insertMessages(rows: Row[]): Promise<void> {
    await this.world.db.query(
      `INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, decided_at)
       SELECT m.id, m.dispatch_id, m.batch_id, m.contact_id, a.id, m.key, now()
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[])
         AS m(id, dispatch_id, batch_id, contact_id, key)
       JOIN address a ON a.contact_id = m.contact_id AND a.address_key = m.key`,
      [
        rows.map(({ id }) => id),
        rows.map(({ dispatchId }) => dispatchId),
        rows.map(({ batchId }) => batchId),
        rows.map(({ person }) => person.contactId),
        rows.map(({ value }) => this.world.ref(value).key),
      ],
    );
  }
}
