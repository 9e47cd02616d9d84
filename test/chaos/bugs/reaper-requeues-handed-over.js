// What a dead worker had handed over is planned again, as a queue does with stalled jobs.
const { patch, replaced } = require('./patch');

patch('features/delivery/permit.queries.js', (queries) => {
  queries.REAP_UNTOLD = replaced(queries.REAP_UNTOLD, /'UNKNOWN'/g, "'PLANNED'");
});
