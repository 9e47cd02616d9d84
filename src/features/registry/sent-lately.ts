import { NEVER_SENT } from '../../domain/message-state';
import { FEWER_DAYS } from '../../domain/registry-state';
import { constants } from '../../platform/database/arrays';

const DAY_MS = 86_400_000;

/** The earliest moment for the next message to somebody who chose fewer. */
export const nextAfter = (sentAt: Date): Date => new Date(sentAt.getTime() + FEWER_DAYS * DAY_MS);

/** A message's id tells when its run began, and a run may go on for fourteen days: older months are not looked into. */
export const RUN_DAYS = 15;

const left = (whose: string): string => `(
  SELECT max(sent.permit_at) FROM message_status sent
  WHERE ${whose}
    AND sent.id >= (SELECT months.first_id((statement_timestamp() - interval '${FEWER_DAYS + RUN_DAYS} days')::date))
    AND sent.permit_at > statement_timestamp() - interval '${FEWER_DAYS} days'
    AND sent.state NOT IN (${constants(NEVER_SENT)}))`;

/**
 * When something last got its permit for the address of the gate row `g` or for this person, on any channel, in the
 * last thirty days, unless it provably never left; NULL: nothing did, or it was not asked, because fewer messages were
 * not chosen. `contactId` is an expression of our own, never input. Two look-ups instead of one with OR: each is
 * answered by an index.
 */
export const lastSent = (contactId: string): string => `(CASE WHEN g.fewer THEN GREATEST(
  ${left(`sent.contact_id = ANY(ARRAY(
    SELECT ${contactId} UNION ALL SELECT id FROM contact WHERE merged_into_id = ${contactId}))`)},
  ${left('sent.address_key = g.address_key')}) END)`;
