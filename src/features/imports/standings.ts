import { bytesArray, plainArray } from '../../platform/database/arrays';
import type { Sql } from '../../platform/database/database';
import type { UpsertResult } from '../contacts/contact-data';
import type { WantedGrant } from './read-row';

export interface StandingRow {
  key: string;
  contactId: string | null;
  allowed: string[];
  withdrawn: string[];
  noAll: boolean;
  noTopics: string[];
  restricted: boolean;
}

/** The gate rows of every address that the contacts hold, and of those the file brings. */
export function findStandings(sql: Sql, results: UpsertResult[]): Promise<StandingRow[]> {
  const stored = results.filter(({ outcome }) => outcome !== 'created' && outcome !== 'refused');
  return sql.query<StandingRow>(
    // The keys first, as an array: joined directly, Postgres reads the whole gate for a thousand of its rows.
    `SELECT encode(g.address_key, 'hex') AS key, a.contact_id AS "contactId", g.allowed, g.withdrawn,
       g.no_all AS "noAll", g.no_topics AS "noTopics", g.restricted
     FROM gate g
     LEFT JOIN address a ON a.address_key = g.address_key AND a.contact_id = ANY ($1::uuid[])
     WHERE g.address_key = ANY (ARRAY(
       SELECT address_key FROM address WHERE contact_id = ANY ($1::uuid[]) UNION SELECT unnest($2::bytea[])))`,
    [
      plainArray(stored.map(({ contactId }) => contactId)),
      bytesArray(
        results.flatMap(({ addresses }) => addresses.map(({ key }) => key.toString('hex'))),
      ),
    ],
  );
}

/**
 * Of these, the pairs whose last withdrawal was the undoing of an import. The person never took that consent
 * back, so a corrected file may bring it again; any other withdrawal stays.
 */
export async function reopenedTopics(
  sql: Sql,
  pairs: { key: string; topicId: string }[],
): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const rows = await sql.query<{ key: string; topicId: string }>(
    `SELECT p.key, p.topic_id AS "topicId"
     FROM unnest($1::text[], $2::uuid[]) AS p (key, topic_id)
     JOIN LATERAL (
       SELECT door, detail FROM ledger_entry e
       WHERE e.address_key = decode(p.key, 'hex') AND e.kind = 'withdraw'
         AND (e.topic_id = p.topic_id OR e.topic_id IS NULL)
       ORDER BY e.seq DESC LIMIT 1
     ) AS last ON last.door = 'import' AND last.detail = 'undo'`,
    [pairs.map(({ key }) => key), pairs.map(({ topicId }) => topicId)],
  );
  return new Set(rows.map(({ key, topicId }) => `${key} ${topicId}`));
}

/** What people have said before, looked up by contact and by address. */
export class Standings {
  private readonly byKey = new Map<string, StandingRow>();
  private readonly byContact = new Map<string, StandingRow[]>();

  constructor(rows: StandingRow[]) {
    for (const row of rows) {
      this.byKey.set(row.key, row);
      if (row.contactId === null) continue;
      const others = this.byContact.get(row.contactId);
      if (others) others.push(row);
      else this.byContact.set(row.contactId, [row]);
    }
  }

  /** Wanted topics that have been withdrawn, by whomever. */
  withdrawnOf(result: UpsertResult, grants: WantedGrant[]): { key: string; topicId: string }[] {
    return grants.flatMap(({ topicId, channel }) => {
      const standing = this.at(result, channel);
      return standing?.withdrawn.includes(topicId) ? [{ key: standing.key, topicId }] : [];
    });
  }

  /** Whether the person has opted out and stays so, and the grants that are new and not against a no. */
  judge(
    result: UpsertResult,
    grants: WantedGrant[],
    reopened: ReadonlySet<string>,
  ): { suppressed: boolean; open: WantedGrant[] } {
    const rows = this.allOf(result);
    if (rows.length === 0) return { suppressed: false, open: grants };
    // A person who once said no to everything gets nothing from a file, on any address or channel.
    const saidNo = rows.some(({ noAll, restricted }) => noAll || restricted);
    const open: WantedGrant[] = [];
    let blocked = 0;
    for (const grant of grants) {
      const standing = this.at(result, grant.channel);
      if (standing?.allowed.includes(grant.topicId)) continue;
      const pair = `${standing?.key} ${grant.topicId}`;
      const withdrawn = standing?.withdrawn.includes(grant.topicId) && !reopened.has(pair);
      const no = rows.some(({ noTopics }) => noTopics.includes(grant.topicId));
      if (saidNo || no || withdrawn) blocked++;
      else open.push(grant);
    }
    const silent = rows.some(({ noAll, allowed }) => noAll && allowed.length === 0);
    const all = grants.length > 0 && blocked === grants.length;
    return { suppressed: silent || all, open };
  }

  private at(result: UpsertResult, channel: string): StandingRow | undefined {
    const address = result.addresses.find((one) => one.channel === channel);
    return address && this.byKey.get(address.key.toString('hex'));
  }

  private allOf({ addresses, contactId }: UpsertResult): StandingRow[] {
    if (this.byKey.size === 0) return [];
    const named = addresses.flatMap(({ key }) => this.byKey.get(key.toString('hex')) ?? []);
    return [...named, ...(this.byContact.get(contactId ?? '') ?? [])];
  }
}
