// No answer counts as not sent, and is tried again.
const { patch } = require('./patch');

patch('features/delivery/outcome-rows.js', (rows) => {
  const { toRow } = rows;
  rows.toRow = (outcome, attempts) => {
    const row = toRow(outcome, attempts);
    return row.state === 'UNKNOWN' ? { ...row, state: 'RETRY_WAIT', retrySeconds: 1 } : row;
  };
});
