// What a dead worker had claimed is thrown away with its claim.
const { patch } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.REAP_CLAIMS = `
WITH stale AS (SELECT id FROM batch WHERE state = 'CLAIMED' AND lease_until < clock_timestamp()),
gone AS (DELETE FROM message WHERE batch_id IN (SELECT id FROM stale) AND permit_at IS NULL)
UPDATE batch SET state = 'DONE', token = NULL, lease_until = NULL FROM stale WHERE batch.id = stale.id
RETURNING batch.id`;
});
