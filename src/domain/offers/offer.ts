/**
 * Why a course is recommended to a person, the strongest first:
 * `next_level`: they have finished a course, and this is the next level of the same subject;
 * `same_subject`: they have finished a course of the same subject, and this is not below it;
 * `popular`: several of their colleagues have taken it in the last year.
 * Nobody is offered what they have ever taken, what is archived, or what a mail cannot link to. Of several courses of a
 * subject that somebody has finished, the one of the highest level counts, and of those the latest.
 */
export const OFFER_RULES = ['next_level', 'same_subject', 'popular'] as const;
export type OfferRule = (typeof OFFER_RULES)[number];

/** Cards in one mail. */
export const MOST_OFFERS = 3;

/** Fewer could be somebody, and their employer would know who. */
export const FEWEST_COLLEAGUES = 3;

/** A course as it is shown to one person, and why. */
export interface Offer {
  name: string;
  subject: string;
  description: string;
  url: string;
  rule: OfferRule;
  /** The name of the course they have finished; null for what colleagues take. */
  because: string | null;
}

/** What the cards of a mail are called in its source, in their order. */
export const OFFER_PLACES = ['first_offer', 'second_offer', 'third_offer'] as const;

const ASKED = new RegExp(`\\{[{%][^{}]*?\\b(${OFFER_PLACES.join('|')})\\.`, 'g');

/** How many courses a mail's source recommends to each person; 0 = it recommends none. */
export function offersIn(source: string): number {
  const places = [...source.matchAll(ASKED)].map(([, place]) =>
    OFFER_PLACES.indexOf(place as (typeof OFFER_PLACES)[number]),
  );
  return Math.max(-1, ...places) + 1;
}

const LONGEST_DESCRIPTION = 180;

/** The beginning of a description, on one line: at most so much as a card takes, cut between words. */
export function descriptionOf(text: string): string {
  const line = text.replace(/[\s\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();
  if (line.length <= LONGEST_DESCRIPTION) return line;
  const cut = line.slice(0, LONGEST_DESCRIPTION);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1)).replace(/[\s,.;:–-]+$/, '')}…`;
}
