import { POLICY_VERSION } from '../../../domain/policy';
import { bytesArray, plainArray } from '../../../platform/database/arrays';
import { prepare, type Sql } from '../../../platform/database/database';
import { send } from '../../../platform/database/write-behind';
import { newId } from '../../../platform/ids';
import { type ChainEntry, sealOf } from './chain';
import { readHead, type Seal, takeSealLock } from './chain.queries';
import type { LedgerAct } from './ledger-act';
import { Numbering } from './numbering';
import type { Numbered } from './standing';

/** So many in one call are an import's, and nobody waits for them. */
const MANY = 100;

/** seq follows the order of `acts`, and is drawn under the locks: it is the order the acts took effect in. */
export async function insertEntries(sql: Sql, acts: LedgerAct[]): Promise<Numbered[]> {
  if (acts.length === 0) return [];
  const entries = new NewEntries(acts);
  // Many entries go into the chain at once instead of being written a second time by the sealer. No act waits
  // for that: whoever does not get the lock leaves it to the sealer, as single acts always do.
  const seal = acts.length >= MANY && (await takeSealLock(sql));
  return seal ? insertSealed(sql, entries) : insertUnsealed(sql, entries);
}

const COMMON = `
  common AS MATERIALIZED (
    SELECT * FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
      kind text, channel text, key_version smallint, scope text, topic_id uuid, ground text, door text,
      detail text, method text, actor_type text, actor_id text, message_id uuid, campaign_id uuid,
      wording_version text)) WITH ORDINALITY
  )`;

const COLUMNS = `id, address_key, contact_id, evidence, kind, channel, key_version, scope, topic_id, ground, door,
  detail, method, actor_type, actor_id, message_id, campaign_id, wording_version, policy_version`;

const VALUES = `act.id, act.address_key, act.contact_id, act.evidence::jsonb, c.kind, c.channel, c.key_version,
  c.scope, c.topic_id, c.ground, c.door, c.detail, c.method, c.actor_type, c.actor_id, c.message_id, c.campaign_id,
  c.wording_version, $7`;

const INSERT_UNSEALED = prepare(
  'insert_unsealed',
  `WITH ${COMMON}, written AS (
       INSERT INTO ledger_entry (${COLUMNS})
       SELECT ${VALUES}
       FROM ROWS FROM (unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::int[]), json_array_elements($6::json))
         WITH ORDINALITY AS act (id, address_key, contact_id, common, evidence, n)
       JOIN common c ON c.ordinality = act.common + 1
       ORDER BY act.n
       RETURNING seq, at
     )
     SELECT array_agg(seq::float8 ORDER BY seq) AS seqs,
       array_agg((extract(epoch FROM at) * 1000)::float8 ORDER BY seq) AS times FROM written`,
);

async function insertUnsealed(sql: Sql, entries: NewEntries): Promise<Numbered[]> {
  // As two arrays: a thousand rows of two columns would be dearer to read than to write.
  const [written] = await sql.query<{ seqs: number[]; times: number[] }>(
    INSERT_UNSEALED,
    entries.columns(),
  );
  const { seqs, times } = written!;
  return seqs.map((seq, i) => ({ id: entries.ids[i]!, seq, at: new Date(times[i]!) }));
}

/** Under the sealer's lock, which is held until the commit: nothing can come between in the chain. */
async function insertSealed(sql: Sql, entries: NewEntries): Promise<Numbered[]> {
  let head = await readHead(sql);
  const [drawn] = await sql.query<{ seqs: number[]; at: Date }>(
    `SELECT array_agg(nextval(name)::float8) AS seqs, clock_timestamp()::timestamptz(3) AS at
     FROM (SELECT pg_get_serial_sequence('ledger_entry', 'seq')::regclass AS name) AS seq, generate_series(1, $1)`,
    [entries.ids.length],
  );
  const { seqs, at } = drawn!;
  const time = at.toISOString();
  const seals = seqs.map((seq, i): Seal => {
    const position = head.position + 1;
    const hash = sealOf(head.hash, entries.inChain(i, seq, time, position));
    const seal = { seq, position, prevHash: head.hash, hash };
    head = { position, hash };
    return seal;
  });
  await send(
    sql,
    `WITH ${COMMON}
     INSERT INTO ledger_entry (${COLUMNS}, seq, at, position, prev_hash, hash)
     SELECT ${VALUES}, act.seq, $8, act.position, act.prev_hash, act.hash
     FROM ROWS FROM (unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::int[], $9::bigint[], $10::bigint[], $11::bytea[],
         $12::bytea[]), json_array_elements($6::json))
       AS act (id, address_key, contact_id, common, seq, position, prev_hash, hash, evidence)
     JOIN common c ON c.ordinality = act.common + 1`,
    [
      ...entries.columns(),
      at,
      plainArray(seqs),
      plainArray(seals.map(({ position }) => position)),
      bytesArray(seals.map(({ prevHash }) => prevHash)),
      bytesArray(seals.map(({ hash }) => hash)),
    ],
  );
  return seqs.map((seq, i) => ({ id: entries.ids[i]!, seq, at }));
}

type Common = ReturnType<typeof commonOf>;

/** Acts as columns. Thousands of acts of one import differ in little: what they have in common goes once. */
class NewEntries {
  readonly ids: string[];
  private readonly keys: (string | null)[];
  private readonly contactIds: (string | null)[];
  private readonly kinds = new Numbering<Common>();
  private readonly kindOf: number[];

  /** JSON. */
  private readonly evidence: string[];

  constructor(acts: LedgerAct[]) {
    this.ids = acts.map(() => newId());
    this.keys = acts.map(({ address }) => address?.key.toString('hex') ?? null);
    this.evidence = acts.map(({ evidence }) => JSON.stringify(evidence ?? {}));
    this.contactIds = acts.map(({ contactId }) => asStored(contactId));
    this.kindOf = acts.map((act) => {
      const common = commonOf(act);
      return this.kinds.of(JSON.stringify(common), common);
    });
  }

  columns(): unknown[] {
    return [
      JSON.stringify(this.kinds.values),
      plainArray(this.ids),
      bytesArray(this.keys),
      plainArray(this.contactIds),
      plainArray(this.kindOf),
      `[${this.evidence.join(',')}]`,
      POLICY_VERSION,
    ];
  }

  /** The entry as it will be read from the table. Without a spread, which would cost more than the hash. */
  inChain(i: number, seq: number, at: string, position: number): ChainEntry {
    const common = this.kinds.values[this.kindOf[i]!]!;
    return {
      position,
      seq,
      id: this.ids[i]!,
      at,
      kind: common.kind,
      channel: common.channel,
      addressKey: this.keys[i]!,
      keyVersion: common.key_version,
      contactId: this.contactIds[i]!,
      scope: common.scope,
      topicId: common.topic_id,
      ground: common.ground,
      door: common.door,
      detail: common.detail,
      method: common.method,
      actorType: common.actor_type,
      actorId: common.actor_id,
      messageId: common.message_id,
      campaignId: common.campaign_id,
      wordingVersion: common.wording_version,
      policyVersion: POLICY_VERSION,
      // As jsonb gives it back: without what is undefined, times as text.
      evidence: JSON.parse(this.evidence[i]!) as unknown,
    };
  }
}

function commonOf(act: LedgerAct) {
  return {
    kind: act.kind,
    channel: act.channel,
    key_version: act.address?.version ?? null,
    scope: act.scope,
    topic_id: asStored(act.topicId),
    ground: act.ground ?? null,
    door: act.door,
    detail: act.detail ?? null,
    method: act.method ?? null,
    actor_type: act.actor.type,
    actor_id: act.actor.id,
    message_id: asStored(act.messageId),
    campaign_id: asStored(act.campaignId),
    wording_version: act.wordingVersion ?? null,
  };
}

/** A UUID as Postgres writes it. */
function asStored(id: string | null | undefined): string | null {
  return id?.toLowerCase() ?? null;
}
