/** A permit (and, where it takes both, an opt-out) that asks PostgreSQL something else than ours does. */
export interface WorseProduct {
  name: string;
  worker: (statement: string) => string;
  web?: (statement: string) => string;
}

const isGateLock = (sql: string): boolean => /FROM gate .*FOR SHARE$/s.test(sql);

const withoutGateLock = (sql: string): string => (isGateLock(sql) ? 'SELECT $1::uuid' : sql);

/** FOR KEY SHARE, and in the opt-out what a plain UPDATE takes. */
const weaken = (sql: string): string =>
  sql.replace(/FOR SHARE$/, 'FOR KEY SHARE').replace(/FOR UPDATE$/, 'FOR NO KEY UPDATE');

/** The same decision by another expression than the gate's. */
/** True: the statement still takes the values that the gate's reason took. */
const CAP = '($6::int + $7::int) IS NOT NULL';

const withReason = (sql: string, reason: string): string =>
  sql.replace(
    /g\.no_seq, \(CASE .* END\) AS reason/s,
    `g.no_seq, CASE WHEN ${CAP} THEN ${reason} END AS reason`,
  );

const SAID_NO = `(SELECT 'suppressed_address' WHERE EXISTS (
  SELECT 1 FROM ledger_entry l WHERE l.address_key = m.address_key AND l.kind = 'opt_out'))`;

const withLedger = (sql: string): string => withReason(sql, SAID_NO);

/** Decision and lock in one statement: after the wait only the locked row is read again. */
const lockAndReadElsewhere = (sql: string): string =>
  withLedger(withoutGateLock(sql))
    .replace('LEFT JOIN gate g', 'JOIN gate g')
    .replace(/\n\),\nwhole AS/, ' FOR SHARE OF g\n),\nwhole AS');

/** What others do, and what looks right. */
export const WORSE_PRODUCTS: readonly WorseProduct[] = [
  { name: 'reads the gate without a lock', worker: (sql) => sql.replace(/FOR SHARE$/, '') },
  { name: 'takes locks that an update does not wait for', worker: weaken, web: weaken },
  {
    name: 'asks NOT EXISTS (opt-out) instead of the gate',
    worker: (sql) => withLedger(withoutGateLock(sql)),
  },
  { name: 'locks the gate but reads the no from another table', worker: lockAndReadElsewhere },
  {
    name: 'decides once, when the batch is planned',
    worker: (sql) => withReason(sql, 'NULL::text'),
  },
];

/** No permit too many, but two transactions that wait for each other in a ring. */
export const UNSORTED: WorseProduct = {
  name: 'locks gate rows in no agreed order',
  worker: (sql) =>
    isGateLock(sql) ? sql.replace('ORDER BY address_key', 'ORDER BY address_key DESC') : sql,
};
