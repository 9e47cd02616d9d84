// The permit reads the gate rows, but takes no lock on them.
const { patch, replaced } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.LOCK_GATES = replaced(queries.LOCK_GATES, / FOR SHARE$/, '');
});
