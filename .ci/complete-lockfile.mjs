// node .ci/complete-lockfile.mjs      after every `npm install` that changed package-lock.json
//
// npm leaves out of the lockfile what the registry at hand does not have, and some mirrors lack the
// builds of a package for other systems. `npm ci` then calls the lockfile out of sync, here and on every
// such system. This puts them back: exact version, optional, bound to their system, so that nothing is
// fetched that is not needed.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const SYSTEMS = /(android|darwin|freebsd|linux|openharmony|win32)-(\w+?)(?:-(\w+))?$/;
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isThere(path, name)) continue;
    const [, os, cpu, abi] = SYSTEMS.exec(name) ?? [];
    if (!os || !/^\d+\.\d+\.\d+/.test(version)) {
      console.error(
        `${name}@${version}, wanted by ${path}, is not in the lockfile: add it by hand.`,
      );
      process.exitCode = 1;
      continue;
    }
    const libc = os === 'linux' && LIBC[abi] ? { libc: [LIBC[abi]] } : {};
    const development = dev ? { dev } : {};
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...development,
      ...libc,
      optional: true,
      os: [os],
    };
    added += 1;
  }
}
if (added > 0) {
  const byPath = ([a], [b]) => a.localeCompare(b, 'en');
  lock.packages = Object.fromEntries(Object.entries(packages).sort(byPath));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`package-lock.json: ${added} added.`);

/** Whether a package at `path` would find `name` in its own node_modules or in one above it. */
function isThere(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}${at && '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}
