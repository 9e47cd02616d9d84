/** Why nothing of a person may be kept for R-10. */
export const BARRED_REASONS = ['erased', 'objected', 'restricted', 'minor'] as const;
export type BarredReason = (typeof BARRED_REASONS)[number];

/**
 * SQL for the reason, or null, of the contact whose id and minority are given: by the gate rows of the person's
 * addresses, those they once had included. A no in any of them is the person's (L-10, L-22, L-42).
 */
export const barredReason = (contactId: string, minor: string): string => `
  (SELECT CASE WHEN bool_or(g.erased) THEN 'erased' WHEN bool_or(g.no_all) THEN 'objected'
     WHEN bool_or(g.restricted) THEN 'restricted' WHEN ${minor} THEN 'minor' END
   FROM (
     SELECT a.address_key FROM address a WHERE a.contact_id = ${contactId}
     UNION ALL SELECT own.address_key FROM gate own WHERE own.contact_id = ${contactId}) AS held
   JOIN gate g ON g.address_key = held.address_key)`;
