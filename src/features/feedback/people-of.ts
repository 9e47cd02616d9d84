import type { Sql } from '../../platform/database/database';
import { holdersOf } from '../registry/ledger/ledger.queries';

/** Everybody registered with each of these addresses (keys in hex), sorted. */
export async function peopleOf(tx: Sql, keys: string[]): Promise<Map<string, string[]>> {
  const people = new Map<string, string[]>();
  if (keys.length === 0) return people;
  for (const { key, contactId } of await holdersOf(tx, keys))
    people.set(key, [...(people.get(key) ?? []), contactId]);
  for (const contacts of people.values()) contacts.sort();
  return people;
}
