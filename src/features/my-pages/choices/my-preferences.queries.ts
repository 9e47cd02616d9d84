import type { Sql } from '../../../platform/database/database';

export interface Person {
  id: string;
  firstName: string | null;
  language: string;
  kinds: string[];
  minor: boolean;
}

/** The person behind an id: the survivor, if they were merged; null when nobody is. */
export async function personOf(sql: Sql, contactId: string): Promise<Person | null> {
  const [person] = await sql.query<Person>(
    `SELECT c.id, c.first_name AS "firstName", c.language, c.kinds, c.minor
     FROM contact c WHERE c.id = (SELECT COALESCE(merged_into_id, id) FROM contact WHERE id = $1)`,
    [contactId],
  );
  return person ?? null;
}
