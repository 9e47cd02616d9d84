import type { Sql } from '../../platform/database/database';
import type { AddressKeys } from '../contacts/address-keys';
import { matching } from '../contacts/contacts.queries';
import type { FoundContact } from './search.dto';

/** The newest of those who match. */
export function findContacts(
  sql: Sql,
  keys: AddressKeys,
  asked: string,
  most: number,
): Promise<FoundContact[]> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  return sql.query<FoundContact & Record<string, unknown>>(
    `SELECT c.id, NULLIF(concat_ws(' ', c.first_name, c.last_name), '') AS name, o.name AS organisation,
       (SELECT value FROM address WHERE contact_id = c.id AND channel = 'email' ORDER BY id LIMIT 1) AS email
     FROM contact c LEFT JOIN organisation o ON o.id = c.organisation_id
     WHERE c.merged_into_id IS NULL AND ${matching(asked, keys, bind)}
     ORDER BY c.id DESC LIMIT ${bind(most)}`,
    values,
  );
}
