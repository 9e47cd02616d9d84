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
