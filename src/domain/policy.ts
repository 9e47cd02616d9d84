/** The privacy policy in force and its purposes for marketing, as the controller published them. */
export const POLICY_VERSION = '2018-04-05';

export interface Purpose {
  id: string;
  sv: string;
  en: string;
  marketing: boolean;
}

/** Rows of the policy's table that a topic may be bound to. */
export const MARKETING_PURPOSES: readonly Purpose[] = [
  {
    id: 'R-05',
    sv: 'För att skicka information om Tjänsten, utbildningar och nyhetsbrev',
    en: 'To send information about the service, courses and newsletters',
    marketing: true,
  },
  {
    id: 'R-06',
    sv: 'För att skicka information och marknadsföring som kan vara av intresse för en användare av Tjänsten, eller ett företag och dess anställda',
    en: 'To send information and marketing that may interest a user of the service, or a company and its employees',
    marketing: true,
  },
];

export function findPurpose(id: string): Purpose | undefined {
  return MARKETING_PURPOSES.find((purpose) => purpose.id === id);
}

/** A row of the policy's table that what we know of a person may be kept under, and for how long from its coming. */
export interface KeepingPurpose {
  id: (typeof KEEPING_IDS)[number];
  sv: string;
  en: string;
  years: number;
  /** Ends at once, too, when the person objects to all marketing (L-10). */
  profiling: boolean;
}

export const KEEPING_IDS = ['R-08', 'R-09', 'R-10'] as const;

export const KEEPING_PURPOSES: readonly KeepingPurpose[] = [
  {
    id: 'R-08',
    sv: 'För att förbättra Tjänsten och för affärsutveckling',
    en: 'To improve the service and develop the business',
    years: 3,
    profiling: false,
  },
  {
    id: 'R-09',
    sv: 'För statistiska ändamål såsom marknadsundersökningar och analyser',
    en: 'For statistics such as market surveys and analyses',
    years: 1,
    profiling: false,
  },
  {
    id: 'R-10',
    sv: 'För att utföra segmentering/profilering',
    en: 'For segmentation and profiling',
    years: 3,
    profiling: true,
  },
];

/** What learners do is kept under this row. */
export const PROFILING: KeepingPurpose = KEEPING_PURPOSES[2]!;
