import type { Channel } from '../../domain/address';
import type { Condition } from '../../domain/condition';

/** People whom an audience names and who have an address, and how many of them may not be profiled. */
export const peopleIn = (channel: Channel, { text }: Condition): string => `
SELECT count(*) AS "all", count(*) FILTER (WHERE NOT r.profiled) AS unprofiled
FROM reach r WHERE r.${channel}_address_id IS NOT NULL AND (${text})`;

/** $1 ids */
export const NAMED_SEGMENTS = `
SELECT id, name, tree, archived_at IS NOT NULL AS archived FROM segment WHERE id = ANY($1::uuid[]) ORDER BY name, id`;

/** What was asked at the launch. $1 campaign */
export const ASKED = 'SELECT asked FROM campaign WHERE id = $1';
