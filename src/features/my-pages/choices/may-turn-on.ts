import { mayAddInMinaSidor } from '../../../domain/allowed-data';
import type { GateReason } from '../../../domain/gate';
import { reasonAgainst } from '../../registry/explain';
import type { AddressFacts } from '../../registry/explain.queries';
import type { Topic } from '../../registry/topics.dto';
import { TOLD_APART, type Known } from './current-choices';
import type { TopicWish } from './my-preferences.dto';

/** Why a yes to this would not be lawful, or would change nothing. */
export type Hindrance =
  | 'support_only'
  | 'minor'
  | 'no_number_allowed'
  | 'number_not_verified'
  | 'no_address'
  | 'topic_closed'
  | 'mailbox_said_no'
  | GateReason;

/** The address that a yes would be for: the one we would write to. Or why there can be no yes. */
export function mayTurnOn(
  { person, addresses, now, mailboxKey }: Known,
  { channel }: Pick<TopicWish, 'channel'>,
  topic: Topic,
): { address: AddressFacts } | { hindrance: Hindrance; address?: AddressFacts } {
  if (topic.archivedAt !== null) return no('topic_closed');
  if (person.kinds.every((kind) => kind === 'support_contact')) return no('support_only');
  if (person.minor) return no('minor');
  const address = addresses.findLast((facts) => facts.channel === channel);
  if (channel === 'sms') {
    if (!mayAddInMinaSidor(person.kinds, 'phone')) return no('no_number_allowed');
    // Only whoever holds the telephone can say yes for it, and has shown so by a code (P-58).
    if (address?.source !== 'mina_sidor') return no('number_not_verified');
  }
  if (!address) return no('no_address');
  // A portal knows who somebody is, not that they read this mailbox: what was said from it only its reader takes back.
  const isRead = mailboxKey?.equals(address.key) ?? false;
  if (channel === 'email' && !isRead && hasSaidNo(address, topic)) {
    return { hindrance: 'mailbox_said_no', address };
  }
  // As the gate would see it after the yes, which lifts a no to this topic and nothing else.
  const after = { ...address, hasGateRow: true, allowed: [...address.allowed, topic.id] };
  const reason = reasonAgainst({ ...after, ...TOLD_APART }, topic, now);
  return reason ? no(reason) : { address };
}

const hasSaidNo = ({ noBy, noAll, noTopics, allowed }: AddressFacts, { id }: Topic): boolean =>
  noBy === 'address' && (noAll || noTopics.includes(id)) && !allowed.includes(id);

const no = (hindrance: Hindrance) => ({ hindrance });
