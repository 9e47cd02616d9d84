// A test environment without a realm of its own: packages, which are loaded once in a worker (runtime.js), and our files
// then agree on what an Error, a Date and an Array are. It has no fake timers: no test here may use any.
const { ModuleMocker } = require('jest-mock');
const fs = require('node:fs');

/** What Jest itself goes on with when a test has replaced the one everybody sees. */
const KEPT = {
  'jest-native-promise': Promise,
  'jest-native-now': Date.now.bind(Date),
  'jest-native-read-file': fs.readFileSync,
  'jest-native-write-file': fs.writeFileSync,
  'jest-native-exists-file': fs.existsSync,
};

module.exports = class OneRealm {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.replaced = { console, exit: process.exit.bind(process) };
    for (const [name, value] of Object.entries(KEPT)) this.global[Symbol.for(name)] = value;
    Object.assign(this.global, projectConfig.globals);
    this.moduleMocker = new ModuleMocker(this.global);
  }

  async setup() {}

  async teardown() {
    this.global.console = this.replaced.console;
    process.exit = this.replaced.exit;
    this.global = undefined;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return undefined;
  }
};
