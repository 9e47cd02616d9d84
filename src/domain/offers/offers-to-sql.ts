import type { Condition } from '../condition';
import { PROFILING } from '../policy';
import { FEWEST_COLLEAGUES, OFFER_RULES } from './offer';

/** Of the course `c`: given, and where a mail can lead to. */
const OFFERED = `c.archived_at IS NULL AND c.url ~ '^https://[^\\s<>"''{}\\\\]+$'`;

/** Of the event `e`: young enough to be used for R-10. */
const KEPT = `e.received_at > statement_timestamp() - interval '${PROFILING.years} years'`;

const FINISHED = `FILTER (WHERE e.kind IN ('completed', 'certificate'))`;

const [NEXT_LEVEL, SAME_SUBJECT, POPULAR] = OFFER_RULES;

/** Whatever the rules of offer.ts name for these people, as rows `n`: a course once by each rule that names it. */
const named = (people: string, columns: string): string => `
  WITH people AS MATERIALIZED (
    SELECT p.contact_id, COALESCE(p.organisation_id, employer.id) AS organisation_id
    FROM (${people}) AS p LEFT JOIN contact c ON c.id = p.contact_id
    LEFT JOIN organisation employer ON p.organisation_id IS NULL AND employer.name_key = lower(c.attested_by)
  ),
  colleague AS (
    SELECT o.organisation_id, r.contact_id
    FROM (SELECT DISTINCT organisation_id FROM people) AS o
    JOIN reach r ON r.organisation_id = o.organisation_id AND r.profiled
    UNION ALL
    SELECT o.organisation_id, r.contact_id
    FROM (SELECT DISTINCT organisation_id FROM people) AS o
    JOIN organisation employer ON employer.id = o.organisation_id
    JOIN contact c ON lower(c.attested_by) = employer.name_key
    JOIN reach r ON r.contact_id = c.id AND r.organisation_id IS NULL AND r.profiled
  ),
  taken AS MATERIALIZED (
    SELECT e.contact_id, e.course_id, max(e.occurred_at) ${FINISHED} AS finished_at, max(e.received_at) ${FINISHED} AS known_at
    FROM people p JOIN learner_event e ON e.contact_id = p.contact_id
    WHERE e.course_id IS NOT NULL AND ${KEPT}
    GROUP BY 1, 2
  ),
  highest AS (
    SELECT DISTINCT ON (t.contact_id, c.subject) t.contact_id, c.subject, c.level, t.course_id, t.finished_at, t.known_at
    FROM taken t JOIN course c ON c.id = t.course_id
    WHERE t.finished_at IS NOT NULL AND c.subject <> ''
    ORDER BY t.contact_id, c.subject, c.level DESC NULLS LAST, t.finished_at DESC, t.course_id
  ),
  favourite AS MATERIALIZED (
    SELECT k.organisation_id, e.course_id, count(DISTINCT e.contact_id) AS colleagues
    FROM colleague k JOIN learner_event e ON e.contact_id = k.contact_id
    JOIN course c ON c.id = e.course_id AND ${OFFERED}
    WHERE ${KEPT} AND e.occurred_at > statement_timestamp() - interval '1 year'
    GROUP BY 1, 2 HAVING count(DISTINCT e.contact_id) >= ${FEWEST_COLLEAGUES}
  ),
  named AS (
    SELECT h.contact_id, c.id AS course_id, CASE WHEN c.level = h.level + 1 THEN 1 ELSE 2 END AS strength,
      h.course_id AS because_id, extract(epoch FROM h.finished_at) AS weight, c.level, h.known_at
    FROM highest h JOIN course c ON c.subject = h.subject AND ${OFFERED} AND COALESCE(c.level >= h.level, true)
    UNION ALL
    SELECT p.contact_id, f.course_id, 3, NULL, f.colleagues, NULL, statement_timestamp()
    FROM people p JOIN favourite f ON f.organisation_id = p.organisation_id
  )
  SELECT ${columns} FROM named n
  WHERE NOT EXISTS (SELECT FROM taken t WHERE t.contact_id = n.contact_id AND t.course_id = n.course_id)`;

/**
 * What is recommended to these people, at most so many courses each and in their order: contact_id, position (from 1),
 * course_id, rule, because_id, and known_at, from when R-10 counts. `people` is a query for contact_id and
 * organisation_id of those who may be profiled; all of them are answered at once. Without an organisation of their own people
 * belong to the company that told us of them.
 */
export const offersFor = (people: string, most: number): string => `
  SELECT contact_id, position::smallint, course_id, because_id, known_at,
    (ARRAY['${NEXT_LEVEL}', '${SAME_SUBJECT}', '${POPULAR}'])[strength] AS rule
  FROM (
    SELECT *, row_number() OVER (
      PARTITION BY contact_id ORDER BY strength, weight DESC, level NULLS LAST, course_id) AS position
    FROM (${named(people, 'DISTINCT ON (n.contact_id, n.course_id) n.*')}
      ORDER BY n.contact_id, n.course_id, n.strength) AS strongest) AS ranked
  WHERE position <= ${most}`;

/** Of everybody in reach (`r`), those to whom there is something to recommend. */
export function offerCondition(): Condition {
  const everybody = 'SELECT contact_id, organisation_id FROM reach WHERE profiled';
  return {
    text: `r.contact_id IN (${named(everybody, 'n.contact_id')})`,
    values: [],
  };
}
