// Loads packages once in a worker, by Node itself, instead of once for each test file, which took longer than most tests
// do; what is ours is loaded anew for each file, so that none sees what another left in a module.
const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const Runtime = require('jest-runtime').default;

module.exports = class RuntimeOfFiles extends Runtime {
  constructor(...given) {
    super(...given);
    this.packages = new RegExp(this._config.transformIgnorePatterns.join('|'));
    const { injectedModuleParameters } = this.executor;
    this.executor.compile = (code, filename) =>
      compileFunction(code, injectedModuleParameters, { filename });
  }

  requireModule(from, name, options, isActual) {
    if (name && !options?.isInternalModule && !this._resolution.isCoreModule(name)) {
      const path = this._resolution.resolveCjs(from, name);
      if (this.packages.test(path)) return createRequire(from)(path);
    }
    return super.requireModule(from, name, options, isActual);
  }
};
