// The permit locks the gate rows in another order than an opt-out does.
const { patch, replaced } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.LOCK_GATES = replaced(queries.LOCK_GATES, 'ORDER BY address_key', '$& DESC');
});
