import type { Offer } from '../../domain/offers/offer';
import { toLanguage } from '../../platform/i18n/i18n';
import { offerCards, sampleOffers, type OfferCards } from './offer-cards';

/** What the templates see: a fresh plain object per recipient, never a database row. */
export interface MergeScope extends OfferCards {
  contact: {
    first_name: string;
    last_name: string;
    full_name: string;
    title: string;
    city: string;
    /** Of the content. */
    language: string;
    /** Their own; for conditions. */
    speaks: string;
    /** With a space between; for conditions. */
    kinds: string;
  };
  organisation: { name: string; city: string };
  campaign: { name: string };
  topic: { name: string };
  sender: { name: string };
  links: { unsubscribe: string; preferences: string; why: string; view: string };
  /** Completes the sentence "Du får det här för att …", without a full stop. */
  reason: string;
  /** Ends the counted links of whoever agreed to be seen following them; empty for all others. Not for authors. */
  clicks: string;
}

/** The facts a caller has; names and places may be missing, links and the reason may not. */
export interface MergeValues {
  firstName?: string | null;
  lastName?: string | null;
  title?: string | null;
  city?: string | null;
  language: string;
  speaks?: string | null;
  kinds?: readonly string[];
  organisationName?: string | null;
  organisationCity?: string | null;
  campaignName: string;
  topicName: string;
  senderName: string;
  links: MergeScope['links'];
  reason: string;
  /** What is recommended to them, in order. */
  offers?: readonly Offer[];
  clicks?: string;
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
      speaks: values.speaks ?? values.language,
      kinds: (values.kinds ?? []).join(' '),
    },
    organisation: { name: clean(values.organisationName), city: clean(values.organisationCity) },
    campaign: { name: values.campaignName },
    topic: { name: values.topicName },
    sender: { name: values.senderName },
    links: { ...values.links },
    reason: values.reason,
    ...offerCards(
      values.offers ?? [],
      toLanguage(values.speaks ?? values.language),
      values.links.preferences,
    ),
    clicks: values.clicks ?? '',
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
        kinds: ['company_contact'],
        organisationName: 'Exempelbolaget AB',
        organisationCity: 'Umeå',
        offers: sampleOffers(lang, `${base}/`),
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
