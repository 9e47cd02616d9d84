import type { Sql } from '../../platform/database/database';
import type { QueueLine } from './queues.dto';

/** The time in a UUID version 7. */
const timeIn = (id: string) =>
  `to_timestamp(('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint / 1000.0)`;

/** One row per thing to do; its state is that of the line, its time since when it could have been done. */
const WORK = `
  SELECT 'sending' AS pool, d.channel,
    CASE WHEN b.state = 'CLAIMED' THEN CASE WHEN b.lease_until < now() - interval '1 minute' THEN 'stuck' ELSE 'running' END
      WHEN b.retry_at > now() THEN 'retrying' ELSE 'waiting' END AS state,
    COALESCE(b.retry_at, d.created_at) AS since
  FROM batch b JOIN dispatch d ON d.id = b.dispatch_id
  WHERE b.state IN ('PLANNED', 'CLAIMED') AND d.state = 'running'
  UNION ALL
  SELECT 'campaigns', NULL, 'waiting', COALESCE(c.launched_at, c.send_at, c.updated_at)
  FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id
  WHERE c.state = 'launching' OR (c.state = 'launched' AND d.materialised_at IS NULL AND d.state = 'running')
  UNION ALL
  SELECT 'imports', NULL, CASE WHEN lease_until IS NULL THEN 'waiting' WHEN lease_until < now() - interval '1 minute' THEN 'stuck'
      ELSE 'running' END, created_at
  FROM import WHERE state IN ('running', 'undoing')
  UNION ALL
  SELECT 'service-mail', channel, CASE state WHEN 'PLANNED' THEN 'waiting' WHEN 'RETRY_WAIT' THEN 'retrying'
      ELSE CASE WHEN lease_until < now() - interval '1 minute' THEN 'stuck' ELSE 'running' END END, created_at
  FROM service_message WHERE state IN ('PLANNED', 'RETRY_WAIT', 'CLAIMED')
  UNION ALL
  SELECT 'feedback', NULL, 'waiting', ${timeIn('id')} FROM event_slice`;

/** Every line there is, also the empty ones. */
export function queueLines(sql: Sql): Promise<QueueLine[]> {
  return sql.query<QueueLine & Record<string, unknown>>(
    `WITH work AS (${WORK})
     SELECT line.pool, line.channel,
       count(*) FILTER (WHERE w.state = 'waiting') AS waiting,
       count(*) FILTER (WHERE w.state = 'running') AS running,
       count(*) FILTER (WHERE w.state = 'retrying') AS retrying,
       count(*) FILTER (WHERE w.state = 'stuck') AS stuck,
       min(w.since) FILTER (WHERE w.state IN ('waiting', 'stuck')) AS "oldestAt"
     FROM (VALUES (1, 'sending', 'email'), (2, 'sending', 'sms'), (3, 'campaigns', NULL), (4, 'imports', NULL),
             (5, 'service-mail', 'email'), (6, 'service-mail', 'sms'), (7, 'feedback', NULL)) AS line(n, pool, channel)
     LEFT JOIN work w ON w.pool = line.pool AND w.channel IS NOT DISTINCT FROM line.channel
     GROUP BY line.n, line.pool, line.channel ORDER BY line.n`,
  );
}
