import { WHOLE_TOPIC } from '../../../src/domain/audience';
import { Contacts } from '../../../src/features/contacts/contacts.service';
import { Dispatches } from '../../../src/features/delivery/dispatches';
import { OpenRuns } from '../../../src/features/delivery/open-runs';
import { newId } from '../../../src/platform/ids';
import { grant } from '../../integration/registry/world';
import type { Product } from './product';

export interface Person {
  contactId: string;
  /** The last one is the one that messages go to. */
  addresses: string[];
  messageId: string;
}

/** The people of one simulation, and a run of a campaign to them. */
export interface Cast {
  people: Person[];
  dispatchId: string;
  batches: string[];
}

const PEOPLE = 5;
/** The third of them has two addresses. */
const TWO_ADDRESSES = 2;
const BATCH_SIZE = 3;
let casts = 0;

/** People who agreed, and a launched campaign with a batch of three and one of two; all by the product's own statements. */
export async function castOf(product: Product): Promise<Cast> {
  const { world, db, topicId, contentVersionId } = product;
  casts += 1;
  const people: Person[] = Array.from({ length: PEOPLE }, (_, n) => ({
    contactId: newId(),
    addresses: (n === TWO_ADDRESSES ? ['gammal', 'ny'] : ['enda']).map(
      (which) => `p${n}-${which}-${casts}@exempel.example`,
    ),
    messageId: '',
  }));
  await db.query(
    `INSERT INTO contact (id, kinds, first_name, notice_at, created_at, updated_at)
     SELECT id, '{company_contact}', 'Kim', now(), now(), now() FROM unnest($1::uuid[]) AS id`,
    [people.map(({ contactId }) => contactId)],
  );
  const rows = people.flatMap(({ contactId, addresses }) =>
    addresses.map((value, age) => ({ contactId, value, age, ref: world.ref(value) })),
  );
  await db.query(
    `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
     SELECT id, contact_id, 'email', value, value, key, 1, 'company_contact', now() + make_interval(secs => age)
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::int[]) AS a(id, contact_id, value, key, age)`,
    [
      rows.map(() => newId()),
      rows.map(({ contactId }) => contactId),
      rows.map(({ value }) => value),
      rows.map(({ ref }) => ref.key),
      rows.map(({ age }) => age),
    ],
  );
  await world.record(...rows.map(({ ref, contactId }) => grant(ref, contactId, topicId)));
  const dispatchId = await launch(product, contentVersionId);
  // Workers of one process share this: one that stands still while it reads would hold up the others.
  await product.get(OpenRuns).open(dispatchId);
  const messages = await db.query<{ id: string; contactId: string }>(
    `SELECT id, contact_id AS "contactId" FROM message WHERE dispatch_id = $1`,
    [dispatchId],
  );
  for (const person of people) {
    person.messageId = messages.find(({ contactId }) => contactId === person.contactId)!.id;
  }
  const batches = await db.query<{ id: string }>(
    `SELECT id FROM batch WHERE dispatch_id = $1 ORDER BY number`,
    [dispatchId],
  );
  return { people, dispatchId, batches: batches.map(({ id }) => id) };
}

async function launch(product: Product, contentVersionId: string): Promise<string> {
  const { db, topicId } = product;
  const dispatches = product.get(Dispatches);
  const campaignId = newId();
  await db.query(
    `INSERT INTO campaign (id, name, state, topic_id, created_at, updated_at)
     VALUES ($1, 'Nyhetsbrev', 'launched', $2, now(), now())`,
    [campaignId, topicId],
  );
  const from = { email: 'nyheter@example.com', name: 'Nyheter' };
  const id = await db.tx((tx) =>
    dispatches.create(tx, {
      campaignId,
      channel: 'email',
      topicId,
      contentVersionId,
      sender: { from, replyTo: from, listId: 'Nyheter <nyheter.example.com>' },
      policyVersion: '2018-04-05',
      windowEnd: null,
      batchSize: BATCH_SIZE,
    }),
  );
  await dispatches.materialise(id, WHOLE_TOPIC);
  return id;
}

/** What one simulation leaves to the next: nothing but its noes. */
export async function clear(product: Product): Promise<void> {
  const { db } = product;
  await db.query(
    'TRUNCATE message, batch, dispatch, campaign, provider_event, event_slice, channel_state',
  );
  const left = await db.query<{ id: string }>('SELECT id FROM contact');
  await product.get(Contacts).remove(
    db,
    left.map(({ id }) => id),
  );
}
