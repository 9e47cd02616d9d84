// node .ci/prepare.mjs start|check|test
//
// Makes a fresh clone ready: installs packages, generates the Prisma client, builds, and for tests finds
// or installs Redis and Chromium. Does only what is missing; with nothing to do it takes a moment.
// Plain Node without packages, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const mode = process.argv[2];

const CLIENT = join(root, 'src/platform/database/client');
const API_TYPES = join(root, 'src/web/generated');
const DIST = join(root, 'dist');
const WEB = join(root, 'dist/web');
const SCHEMA = 'prisma/schema.prisma';
const OPENAPI = 'docs/openapi.json';
const SERVER = [
  'src/main.ts',
  'src/cli.ts',
  'src/processes',
  'src/features',
  'src/platform',
  'src/domain',
];
const CONFIG = ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

class Refusal extends Error {}

function main() {
  checkNode();
  if (!packagesAreInstalled()) {
    say('Installing packages (a minute the first time) …');
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  const client = stampOf([SCHEMA, 'package-lock.json']);
  if (!isStamped(CLIENT, client)) {
    say('Generating the database client …');
    // The client needs no native engine, but the command looks for one and would download it.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/sh', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
    run('node', ['node_modules/prisma/build/index.js', 'generate', '--no-hints'], env);
    stamp(CLIENT, client);
  }
  const types = stampOf([OPENAPI, 'package-lock.json']);
  if (!isStamped(API_TYPES, types)) {
    say('Generating the types of the API for the web app …');
    run('node', [
      'node_modules/openapi-typescript/bin/cli.js',
      OPENAPI,
      '-o',
      `${API_TYPES}/api.ts`,
    ]);
    stamp(API_TYPES, types);
  }
  if (mode === 'check') return;
  const build = stampOf([...SERVER, SCHEMA, 'package-lock.json', ...CONFIG]);
  if (!isStamped(DIST, build)) {
    say('Building …');
    run('node', ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
    stamp(DIST, build);
  }
  // After the server, whose build empties dist.
  const web = stampOf(['src/web', 'src/domain', OPENAPI, 'package-lock.json', ...CONFIG]);
  if (!isStamped(WEB, web)) {
    say('Building the web app …');
    run('node', ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts']);
    stamp(WEB, web);
  }
  if (mode === 'test') installTools();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Refusal(`Utskick needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
}

/** Whether node_modules holds what the lockfile says; npm keeps its own list there, written last. */
function packagesAreInstalled() {
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  if (!installed) return false;
  const wanted = readJson('package-lock.json').packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Packages for other operating systems are listed, but not installed.
    if (!(path in installed)) return optional === true;
    return installed[path].version === version;
  });
}

function installTools() {
  const missing = [
    ['redis-server', 'redis-server'],
    ['chromium', 'chromium'],
  ].filter(([program]) => !isOnPath(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  const names = packages.join(' and ');
  if (!existsSync('/etc/debian_version') || !isOnPath('apt-get') || process.getuid?.() !== 0) {
    throw new Refusal(
      `The tests need ${names}: install them first (on Debian: sudo apt-get install ${packages.join(' ')}).`,
    );
  }
  say(`Installing ${names} (Debian packages) …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], env);
  run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], env);
}

function isOnPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((directory) => directory !== '' && existsSync(join(directory, program)));
}

/** A fingerprint of files and folders by content: a checkout changes times, a deletion changes none. */
function stampOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (full === CLIENT || !existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
    }
  };
  paths.forEach(add);
  return hash.digest('hex');
}

function isStamped(directory, value) {
  const file = join(directory, '.stamp');
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function stamp(directory, value) {
  writeFileSync(join(directory, '.stamp'), value);
}

function readJson(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** Runs a tool quietly; what it printed is shown only when it fails. */
function run(command, args, env = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Refusal(`${command} could not be run: ${error.message}`);
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  throw new Refusal(`${[command, ...args.slice(0, 2)].join(' ')} failed; the reason stands above.`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

try {
  if (!['start', 'check', 'test'].includes(mode)) {
    throw new Refusal('Usage: node .ci/prepare.mjs start|check|test');
  }
  main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
