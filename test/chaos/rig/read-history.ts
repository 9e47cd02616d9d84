import type { CampaignRow, GateRow, History, MessageRow, RegistryEntry } from '../checker/history';
import type { Crowd } from './people';
import type { Rig } from './rig';

type Sources = Pick<Rig, 'sql' | 'provider' | 'doors' | 'faults' | 'campaigns'>;

/** The four accounts of a run, side by side: database, provider, those who said no, and the faults. */
export async function readHistory(rig: Sources, crowd: Crowd): Promise<History> {
  const { sql, provider, doors, faults, campaigns } = rig;
  provider.read();
  return {
    faults,
    audience: crowd.people.map(({ key }) => key),
    campaigns: await sql.query<CampaignRow & Record<string, unknown>>(
      `SELECT c.id, d.state AS "runState", COALESCE(d.audience, 0) AS audience
       FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id WHERE c.id = ANY($1::uuid[])`,
      [campaigns],
    ),
    messages: await sql.query<MessageRow & Record<string, unknown>>(MESSAGES, [campaigns]),
    gates: await sql.query<GateRow & Record<string, unknown>>(
      `SELECT encode(address_key, 'hex') AS address, epoch, no_all AS "noAll" FROM gate`,
    ),
    entries: await sql.query<RegistryEntry & Record<string, unknown>>(
      `SELECT e.seq::float8, encode(COALESCE(e.address_key, a.address_key), 'hex') AS address, e.kind,
         ${milliseconds('e.at')} AS at
       FROM ledger_entry e LEFT JOIN address a ON e.address_key IS NULL AND a.contact_id = e.contact_id
       WHERE COALESCE(e.address_key, a.address_key) IS NOT NULL ORDER BY e.seq`,
    ),
    provider: provider.records,
    events: provider.delivered,
    optOuts: doors.optOuts,
    unansweredOptOuts: doors.unanswered,
    repeatedEvents: await count(
      sql,
      `SELECT count(*)::int AS n FROM (SELECT message_id, type FROM provider_event
         WHERE message_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) repeated`,
    ),
    deadlocks: await count(
      sql,
      `SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`,
    ),
  };
}

const milliseconds = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

// A link is stored by the transaction that permits its message, and never touched again: its row remembers the commit.
const MESSAGES = `
SELECT m.id, d.campaign_id AS "campaignId", encode(m.address_key, 'hex') AS address, m.state, m.reason, m.epoch,
  ${milliseconds('m.permit_at')} AS "permitAt", m.attempts, m.outcome_code AS "outcomeCode", m.copy,
  ${milliseconds('pg_xact_commit_timestamp(l.xmin)')} AS "permitCommittedAt"
FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
LEFT JOIN link_token l ON l.message_id = m.id AND m.permit_at IS NOT NULL
WHERE d.campaign_id = ANY($1::uuid[])`;

async function count(sql: Sources['sql'], text: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(text);
  return row!.n;
}
