import type { Channel } from '../../../domain/address';
import { mayAddInMinaSidor } from '../../../domain/allowed-data';
import type { Language } from '../../../platform/i18n/i18n';
import { entryBehind } from '../../registry/entry-behind';
import { reasonAgainst } from '../../registry/explain';
import type { AddressFacts, EntryRow } from '../../registry/explain.queries';
import { mask } from '../../registry/link-tokens';
import type { Topic } from '../../registry/topics.dto';
import type { Learner } from '../learner';
import type { ChannelChoice, EverythingOff, Preferences } from './my-preferences.dto';
import type { Person } from './my-preferences.queries';

/** All that the registry knows of one person, read in one go. */
export interface Known {
  person: Person;
  /** Of each channel the address we write to is the last. */
  addresses: AddressFacts[];
  /** Newest first. */
  entries: EntryRow[];
  topics: Topic[];
  now: Date;
  /** The mailbox that they have shown to read, if any. */
  mailboxKey: Learner['mailboxKey'];
  /** We may see which links they follow. */
  tracked: boolean;
}

/** Of a person's choices these are no answer to what goes to them, but to when and how often. */
export const TOLD_APART = {
  pausedUntil: null,
  fewer: false,
} as const satisfies Partial<AddressFacts>;

/** What stands, in the words of the page; a pause and fewer messages are told apart. */
export function currentChoices(
  known: Known,
  language: Language,
): Omit<Preferences, 'consentText' | 'trackingText'> {
  const { person, addresses, topics } = known;
  const texts = hasTexts(known);
  return {
    language: person.language === 'en' ? 'en' : 'sv',
    person: { firstName: person.firstName },
    addresses: addresses.map(({ addressId, channel, value, undeliverableAt }) => ({
      id: addressId!,
      channel,
      address: mask(channel, value!),
      deliverable: undeliverableAt === null,
    })),
    topics: topics.map((topic) => ({
      key: topic.key,
      name: language === 'sv' ? topic.nameSv : topic.nameEn,
      description: language === 'sv' ? topic.descriptionSv : topic.descriptionEn,
      channels: {
        email: choice(known, 'email', topic),
        sms: texts ? choice(known, 'sms', topic) : null,
      },
    })),
    everythingOff: everythingOff(known),
    pausedUntil: pauseOf(known),
    fewer: isFewer(known),
    tracking: known.tracked,
  };
}

/** Until when nothing is sent; null when something may be, since a pause of one mailbox is none of the others. */
export function pauseOf(known: Known): Date | null {
  const { now } = known;
  const counted = addressesThatCount(known);
  const ends = counted.flatMap(({ pausedUntil }) =>
    pausedUntil && pausedUntil > now ? pausedUntil.getTime() : [],
  );
  return ends.length > 0 && ends.length === counted.length ? new Date(Math.min(...ends)) : null;
}

/** Whether all of it has become fewer: what holds for one mailbox holds for none of the others. */
export function isFewer(known: Known): boolean {
  const counted = addressesThatCount(known);
  return counted.length > 0 && counted.every(({ fewer }) => fewer);
}

/** Those that something can go to, if there are any. */
function addressesThatCount({ addresses }: Known): AddressFacts[] {
  const deliverable = addresses.filter(({ undeliverableAt }) => undeliverableAt === null);
  return deliverable.length > 0 ? deliverable : addresses;
}

/** Where something may go, or could: a number that must not be written to is no choice. */
function hasTexts(known: Known): boolean {
  if (!known.addresses.some(({ channel }) => channel === 'sms')) return false;
  if (mayAddInMinaSidor(known.person.kinds, 'phone')) return true;
  return known.topics.some((topic) => choice(known, 'sms', topic).on);
}

function choice(known: Known, channel: Channel, topic: Topic): ChannelChoice {
  const addresses = known.addresses.filter((address) => address.channel === channel);
  const reasonAt = (facts: AddressFacts) =>
    reasonAgainst({ ...facts, ...TOLD_APART }, topic, known.now);
  const open = addresses.findLast((facts) => reasonAt(facts) === null);
  if (open) return { on: true, ...told(grantBehind(open, topic.id, known.entries)) };
  const written = addresses.at(-1);
  const reason = written && reasonAt(written);
  const entry = reason ? entryBehind(reason, written, topic.id, known.entries) : undefined;
  return { on: false, ...told(entry) };
}

function grantBehind(facts: AddressFacts, topicId: string, entries: EntryRow[]) {
  return entries.find(
    ({ kind, key, topicId: about }) =>
      kind === 'grant' && key?.equals(facts.key) && about === topicId,
  );
}

function everythingOff({ addresses, entries }: Known): EverythingOff | null {
  const silent = addresses.every(({ noAll, allowed }) => noAll && allowed.length === 0);
  if (addresses.length === 0 || !silent) return null;
  return told(entries.find(({ kind, scope }) => kind === 'opt_out' && scope !== 'topic'));
}

function told(entry: EntryRow | undefined): EverythingOff {
  return { since: entry?.at ?? null, door: entry?.door ?? null };
}
