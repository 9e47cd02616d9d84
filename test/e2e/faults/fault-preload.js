// Loaded before the product (`node -r`): does something bad at a point of the next permit when the file FAULT_FILE
// says so ("in_permit stop"), and shifts the clock that JavaScript shows by CLOCK_SHIFT_SECONDS.
const { readFileSync, rmSync, writeSync } = require('node:fs');
const { Client } = require('pg');

const { FAULT_FILE, CLOCK_SHIFT_SECONDS } = process.env;
const hoarded = [];

const FAULTS = {
  stop: () => process.kill(process.pid, 'SIGSTOP'),
  block: () => {
    const end = performance.now() + 5_000;
    while (performance.now() < end);
  },
  memory: () => {
    for (;;) hoarded.push(Array.from({ length: 100_000 }, (_, n) => [n]));
  },
};

/** What is ordered for this permit, once. */
function ordered() {
  try {
    const [at, fault] = readFileSync(FAULT_FILE, 'utf8').split(' ');
    rmSync(FAULT_FILE);
    return { at, fault };
  } catch {
    return null;
  }
}

function strike(client, at) {
  if (client.fault?.at !== at) return;
  const { fault } = client.fault;
  client.fault = null;
  writeSync(1, `fault ${fault}\n`);
  FAULTS[fault]();
}

if (FAULT_FILE) {
  const query = Reflect.get(Client.prototype, 'query');
  Client.prototype.query = function (text, ...rest) {
    // Only a permit's transaction gives up after two seconds of silence.
    if (/idle_in_transaction_session_timeout = 2000/.test(text)) {
      this.fault = ordered();
      strike(this, 'before_permit');
    }
    if (text !== 'COMMIT') return query.call(this, text, ...rest);
    strike(this, 'in_permit');
    return query.call(this, text, ...rest).then((answer) => {
      strike(this, 'after_permit');
      return answer;
    });
  };
}

if (CLOCK_SHIFT_SECONDS) {
  const shift = Number(CLOCK_SHIFT_SECONDS) * 1000;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...values) {
      if (values.length === 0) super(RealDate.now() + shift);
      else super(...values);
    }
    static now() {
      return RealDate.now() + shift;
    }
  };
}
