// Progress is noted when a batch is fetched, not when it has been sent.
const { patch, replaced } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.CLAIM_BATCH = replaced(
    queries.CLAIM_BATCH,
    "SET state = 'CLAIMED'",
    "SET state = 'DONE'",
  );
  queries.LOCK_BATCH = replaced(queries.LOCK_BATCH, " AND state = 'CLAIMED'", '');
});
