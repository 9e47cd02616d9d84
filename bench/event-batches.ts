import { Client } from 'pg';

/** Events in a call. */
export const PER_BATCH = 1000;
const KINDS = ['enrolled', 'started', 'completed', 'active'];

/** Makes everybody known to the learning platform; the ids there of those who objected to nothing. */
export async function knowLearners(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`UPDATE contact SET external_id = id::text`);
    await client.query(
      `INSERT INTO course (id, external_id, name, created_at, updated_at)
       SELECT gen_random_uuid(), 'course-' || n, 'Course ' || n, now(), now() FROM generate_series(0, 49) n`,
    );
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ id: string }>(
      `SELECT external_id AS id FROM contact c
       WHERE NOT EXISTS (SELECT FROM address JOIN gate USING (address_key) WHERE address.contact_id = c.id AND no_all)`,
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

export type LearnerEvent = Record<
  'eventId' | 'contactExternalId' | 'courseExternalId' | 'kind' | 'occurredAt',
  string
>;

/** Each event of its own; neighbours are different people's. */
export function batchOf(batch: number, people: readonly string[]): LearnerEvent[] {
  return Array.from({ length: PER_BATCH }, (_, i) => {
    const n = batch * PER_BATCH + i;
    return {
      eventId: `event-${n}`,
      contactExternalId: people[(n * 7919) % people.length]!,
      courseExternalId: `course-${n % 50}`,
      kind: KINDS[n % KINDS.length]!,
      occurredAt: new Date(Date.UTC(2025, n % 12, 1 + (n % 28), 9)).toISOString(),
    };
  });
}
