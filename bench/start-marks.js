// Loaded before the product by `node -r`: says on descriptor 3 how far a start has come, in milliseconds
// since the process began.
const { writeSync } = require('node:fs');
const Module = require('node:module');
const { Server } = require('node:net');

const mark = (name) => writeSync(3, `${JSON.stringify({ name, ms: performance.now() })}\n`);

mark('node');
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request === './processes/run') mark('modules');
  return loaded;
};
const listen = Reflect.get(Server.prototype, 'listen');
Server.prototype.listen = function (...args) {
  mark('wired');
  return listen.apply(this, args);
};
