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

/** What the templates see: a fresh plain object per recipient, never a database row. */
export interface MergeScope {
  contact: {
    first_name: string;
    last_name: string;
    full_name: string;
    title: string;
    city: string;
    language: string;
  };
  organisation: { name: string; city: string };
  campaign: { name: string };
  topic: { name: string };
  sender: { name: string };
  links: { unsubscribe: string; preferences: string; why: string; view: string };
  /** Completes the sentence "Du får det här för att …", without a full stop. */
  reason: string;
}

/** The facts a caller has; names and places may be missing, links and the reason may not. */
export interface MergeValues {
  firstName?: string | null;
  lastName?: string | null;
  title?: string | null;
  city?: string | null;
  language: string;
  organisationName?: string | null;
  organisationCity?: string | null;
  campaignName: string;
  topicName: string;
  senderName: string;
  links: MergeScope['links'];
  reason: string;
}

/** Builds the closed set of values for one recipient; missing facts become empty text. */
export function toScope(values: MergeValues): MergeScope {
  const firstName = clean(values.firstName);
  const lastName = clean(values.lastName);
  return {
    contact: {
      first_name: firstName,
      last_name: lastName,
      full_name: [firstName, lastName].filter(Boolean).join(' '),
      title: clean(values.title),
      city: clean(values.city),
      language: values.language,
    },
    organisation: { name: clean(values.organisationName), city: clean(values.organisationCity) },
    campaign: { name: values.campaignName },
    topic: { name: values.topicName },
    sender: { name: values.senderName },
    links: { ...values.links },
    reason: values.reason,
  };
}

function clean(text: string | null | undefined): string {
  return text?.trim() ?? '';
}

const REASONS = {
  sv: 'du har anmält dig till vårt nyhetsbrev',
  en: 'you signed up for our newsletter',
};

/** An invented person, for previews without a contact; `names: false` shows every fallback. */
export function sampleScope(
  lang: 'sv' | 'en',
  context: { publicUrl: string; senderName: string; campaignName?: string; topicName?: string },
  names = true,
): MergeScope {
  const base = context.publicUrl.replace(/\/+$/, '');
  const person = names
    ? {
        firstName: 'Kim',
        lastName: 'Exempelsson',
        title: 'HR-chef',
        city: 'Umeå',
        organisationName: 'Exempelbolaget AB',
        organisationCity: 'Umeå',
      }
    : {};
  return toScope({
    ...person,
    language: lang,
    campaignName: context.campaignName ?? 'Exempelutskick',
    topicName: context.topicName ?? 'Nyhetsbrev',
    senderName: context.senderName,
    // 22 characters, as long as a real token, so that sizes and line lengths are true.
    links: {
      unsubscribe: `${base}/u/exempel-exempel-exempe`,
      preferences: `${base}/preferences/exempel-exempel-exempe`,
      why: `${base}/why/exempel-exempel-exempe`,
      view: `${base}/view/exempel-exempel-exempe`,
    },
    reason: REASONS[lang],
  });
}
