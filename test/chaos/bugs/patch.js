// Seeded bugs: `node --require bugs/<name>.js dist/main.js …` changes compiled modules of the product as they are
// loaded. Nothing in the product knows of them.
const Module = require('node:module');

const changes = [];
const load = Module._extensions['.js'];

Module._extensions['.js'] = (module, filename) => {
  const own = changes.filter(({ file }) => filename.endsWith(`/dist/${file}`));
  const compile = module._compile;
  module._compile = (code, name) =>
    compile.call(
      module,
      own.reduce((text, { source }) => (source ? source(text) : text), code),
      name,
    );
  load(module, filename);
  for (const { exported } of own) exported?.(module.exports);
};

/** Changes what a module exports. */
exports.patch = (file, exported) => changes.push({ file, exported });

/** Changes a module's text. */
exports.patchSource = (file, source) => changes.push({ file, source });

/** As replace; a bug that would change nothing must not pass for one. */
exports.replaced = (text, from, to) => {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`a seeded bug does not fit any more: ${from}`);
  return result;
};
