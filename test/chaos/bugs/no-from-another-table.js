// One statement locks the gate row and reads the no from the ledger: after the wait Postgres looks again at the locked
// row only, and everything else is as it was before the wait.
const { patch, replaced } = require('./patch');

const SAID_NO = `(SELECT 'suppressed_address' WHERE EXISTS (
  SELECT 1 FROM ledger_entry l WHERE l.address_key = m.address_key AND l.kind = 'opt_out'
    AND ($6::int + $7::int) IS NOT NULL)) AS reason`;

patch('features/delivery/permit.queries.js', (queries) => {
  queries.LOCK_GATES = 'SELECT $1::uuid';
  let decide = replaced(
    queries.DECIDE,
    /\(CASE WHEN \(?.* ELSE NULL END\) AS reason/s,
    () => SAID_NO,
  );
  decide = replaced(decide, 'LEFT JOIN gate g', 'JOIN gate g');
  queries.DECIDE = replaced(decide, /\n\),\nwhole AS/, '\n  FOR SHARE OF g),\nwhole AS');
});
