// Loaded before the product (`node -r`): takes from it what the permit adds to marking a batch as handed over,
// the locks and the look at the gate. The product itself has no such switch.
require('reflect-metadata');
const queries = require('../dist/features/delivery/permit.queries');
const { MESSAGE_REASON } = require('../dist/features/delivery/gate-facts');
const { prepare } = require('../dist/platform/database/database');

function without(name, replacements) {
  for (const [text, instead] of replacements) {
    if (!queries[name].includes(text)) throw new Error(`${name} has no ${text} any more`);
    queries[name] = queries[name].replaceAll(text, instead);
  }
  prepare(`without_${name}`, queries[name]);
}

without('LOCK_DISPATCH', [['FOR SHARE', '']]);
without('LOCK_BATCH', [['FOR UPDATE', '']]);
queries.LOCK_GATES = prepare('without_LOCK_GATES', 'SELECT 1 WHERE $1::uuid IS NULL');
// Nothing of these tables is asked for any more, so PostgreSQL leaves the joins out.
without('DECIDE', [
  [MESSAGE_REASON, 'NULL::text'],
  ['g.epoch', 'm.epoch'],
  ['g.no_seq', 'NULL::bigint AS no_seq'],
]);
