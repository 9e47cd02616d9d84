import { descriptionOf, type Offer, OFFER_PLACES } from '../../domain/offers/offer';
import { t, type Language } from '../../platform/i18n/i18n';

/** What a card shows of one course. */
export interface OfferCard {
  name: string;
  subject: string;
  description: string;
  url: string;
  /** A sentence; empty when nothing is recommended. */
  because: string;
}

export type OfferCards = Record<(typeof OFFER_PLACES)[number], OfferCard>;

const EMPTY: OfferCard = { name: '', subject: '', description: '', url: '', because: '' };

/**
 * The cards of a mail, in the language of the person. Where nothing is recommended (to nobody in particular, or what was is
 * forgotten) the first one says what would stand there.
 */
export function offerCards(
  offers: readonly Offer[],
  language: Language,
  elsewhere: string,
): OfferCards {
  const cards = offers.map(({ name, subject, description, url, rule, because }) => ({
    name,
    subject,
    description: descriptionOf(description),
    url,
    because: t(language, `content:offer.${rule}`, { course: because }),
  }));
  const [first_offer = nobodys(language, elsewhere), second_offer = EMPTY, third_offer = EMPTY] =
    cards;
  return { first_offer, second_offer, third_offer };
}

function nobodys(language: Language, url: string): OfferCard {
  const text = (key: string) => t(language, `content:offer.${key}`);
  return { ...EMPTY, name: text('nobodys'), description: text('nobodysText'), url };
}

/** For an invented person. */
export function sampleOffers(language: Language, url: string): Offer[] {
  const text = (key: string) => t(language, `content:offer.sample.${key}`);
  const course = { subject: 'Excel', url, description: text('description') };
  return [
    { ...course, name: text('next'), rule: 'next_level', because: text('finished') },
    { ...course, name: text('same'), rule: 'same_subject', because: text('finished') },
    { ...course, name: text('popular'), subject: '', rule: 'popular', because: null },
  ];
}
