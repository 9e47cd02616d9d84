import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '../../platform/database/database';
import type { ContactBefore, StoredAddress } from './contact-data';
import {
  deleteAddresses,
  insertAddresses,
  lockContacts,
  readContacts,
  sourceAddresses,
  type StoredContact,
  updateContacts,
} from './upsert.queries';

/** Takes changes back, each datum only where it still is what the change made it. */
export async function restoreContacts(
  sql: Sql,
  changes: { contactId: string; before: ContactBefore }[],
  now: Date,
): Promise<void> {
  const ids = changes.map(({ contactId }) => contactId);
  if (ids.length === 0) return;
  await lockContacts(sql, ids);
  const stored = new Map((await readContacts(sql, ids)).map((row) => [row.id, row]));
  const rows: StoredContact[] = [];
  const removed: string[] = [];
  const brought: (StoredAddress & { contactId: string })[] = [];
  for (const { contactId, before } of changes) {
    const contact = stored.get(contactId);
    if (!contact) continue;
    restoreFields(contact, before);
    rows.push(contact);
    const here = new Set(contact.addresses.map(({ id }) => id));
    const added = before.addressesAdded.filter((id) => here.has(id));
    removed.push(...added);
    for (const { id, source, sourceRef, collectedAt } of before.addressesResourced) {
      await sourceAddresses(sql, [id], {
        source,
        sourceRef,
        collectedAt: new Date(collectedAt),
      });
    }
    // An address that replaced another and is gone was replaced again: then the older one is out of date.
    if (added.length < before.addressesAdded.length) continue;
    const held = new Set(contact.addresses.map(({ key }) => key));
    const back = before.addressesRemoved.filter(({ key }) => !held.has(key));
    brought.push(...back.map((address) => ({ ...address, contactId })));
  }
  if (rows.length > 0) await updateContacts(sql, rows, now);
  if (removed.length > 0) await deleteAddresses(sql, removed);
  if (brought.length > 0) {
    await insertAddresses(
      sql,
      brought.map(({ collectedAt, ...address }) => ({
        ...address,
        collectedAt: new Date(collectedAt),
      })),
    );
  }
}

function restoreFields(contact: StoredContact, before: ContactBefore): void {
  for (const [field, { was, became, source }] of Object.entries(before.fields)) {
    const current: unknown = contact[field as keyof StoredContact];
    if (!isDeepStrictEqual(asJson(current), asJson(became))) continue;
    const isTime = field.endsWith('_at') && typeof was === 'string';
    Object.assign(contact, { [field]: isTime ? new Date(was) : was });
    if (source) contact.sources[field] = source;
    else delete contact.sources[field];
  }
  contact.kinds = contact.kinds.filter((kind) => !before.kindsAdded.includes(kind));
}

/** What stood before was kept as JSON, where a time is text. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
