// A worker reads that a message is still to be sent, sends it, and then writes that it has: no claim, no compare-and-set.
const { patch, replaced } = require('./patch');

const unsent = (sql) =>
  replaced(
    sql,
    /COALESCE\(m\.state, b\.message_state\) = 'PLANNED'/g,
    "COALESCE(m.state, b.message_state) IN ('PLANNED', 'HANDED_OVER')",
  );

patch('features/delivery/permit.queries.js', (queries) => {
  queries.CLAIM_BATCH = replaced(
    queries.CLAIM_BATCH,
    /AND state = 'PLANNED' AND \(retry.*\)\)/,
    '',
  );
  queries.LOCK_BATCH = replaced(
    queries.LOCK_BATCH,
    "token = $2 AND state = 'CLAIMED' FOR UPDATE",
    '$2::uuid IS NOT NULL',
  );
  queries.PLANNED_MESSAGES = unsent(queries.PLANNED_MESSAGES);
  queries.DECIDE = unsent(queries.DECIDE);
});
