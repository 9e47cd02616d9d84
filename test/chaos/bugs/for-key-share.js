// Locks that look right: FOR KEY SHARE at the permit, and at the no what a plain UPDATE takes. They do not conflict.
const { patch, patchSource, replaced } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.LOCK_GATES = replaced(queries.LOCK_GATES, /FOR SHARE$/, 'FOR KEY SHARE');
});
patchSource('features/registry/ledger/ledger.queries.js', (text) =>
  replaced(text, /FOR UPDATE/g, 'FOR NO KEY UPDATE'),
);
