import type { GateReason } from '../../domain/gate';
import type { AddressFacts, EntryRow } from './explain.queries';

/** Kinds of the entries that can be behind a reason; the newest of them is. */
const KINDS: Partial<Record<GateReason, string>> = {
  paused: 'pause',
  fewer: 'fewer',
  restricted: 'restrict',
  erased: 'erase',
  undeliverable: 'undeliverable',
  ground_pending: 'grant_pending',
  ground_withdrawn: 'withdraw',
};

/** The newest entry that a reason of the gate rests on, where it rests on one. */
export function entryBehind(
  reason: GateReason,
  facts: AddressFacts,
  topicId: string,
  entries: EntryRow[],
): EntryRow | undefined {
  const here = entries.filter(
    ({ key, contactId, channel, scope }) =>
      (key?.equals(facts.key) || (contactId !== null && contactId === facts.contactId)) &&
      (channel === null || channel === facts.channel || scope === 'all'),
  );
  if (reason === 'suppressed_address' || reason === 'suppressed_person') {
    return here.find(
      (entry) => entry.kind === 'opt_out' && (entry.scope !== 'topic' || entry.topicId === topicId),
    );
  }
  const kind = KINDS[reason];
  return here.find((entry) => entry.kind === kind && (entry.topicId ?? topicId) === topicId);
}
