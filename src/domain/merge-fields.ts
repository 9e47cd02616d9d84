import { OFFER_PLACES } from './offers/offer';

/** Every field an author may use; the list is closed, so that no other personal data can reach a mail. */
export const MERGE_FIELDS = [
  'contact.first_name',
  'contact.last_name',
  'contact.full_name',
  'contact.title',
  'contact.city',
  'contact.language',
  'organisation.name',
  'organisation.city',
  'campaign.name',
  'topic.name',
  'sender.name',
  'links.unsubscribe',
  'links.preferences',
  'links.why',
  'links.view',
  'reason',
] as const;

export type MergeField = (typeof MERGE_FIELDS)[number];

/** Fields that may be empty for a person, so an author needs a fallback. */
export const PERSONAL_FIELDS: ReadonlySet<string> = new Set<MergeField>([
  'contact.first_name',
  'contact.last_name',
  'contact.full_name',
  'contact.title',
  'contact.city',
  'organisation.name',
  'organisation.city',
]);

/** What a condition may ask about a person besides; shown to nobody, so not among the fields to insert. */
export const CONDITION_FIELDS = ['contact.speaks', 'contact.kinds'] as const;

/** What a course card for each person is made of; blocks write it, so not among the fields to insert either. */
export const OFFER_FIELDS = OFFER_PLACES.flatMap((place) =>
  ['name', 'subject', 'description', 'url', 'because'].map((part) => `${place}.${part}`),
);
