// Runs every suite and prints `N passed, N failed` last. A skipped or left-for-later test counts as
// failed. Arguments go to Jest: node test/run.mjs --selectProjects e2e
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const directory = mkdtempSync(join(tmpdir(), 'utskick-run-'));
const file = join(directory, 'results.json');
const { status, error } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${file}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'test' } },
);
if (error) throw error;

let results = null;
try {
  results = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  console.log('Jest ended before it could report.');
}
rmSync(directory, { recursive: true, force: true });

const passed = results?.numPassedTests ?? 0;
const left = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
// A file that cannot even be loaded has no tests to count.
const unloadable = results?.numRuntimeErrorTestSuites ?? 0;
let failed = (results?.numFailedTests ?? 0) + unloadable + left;
if (left > 0) console.log(`${left} tests are skipped or left for later: nothing may be.`);
if (unloadable > 0) console.log(`${unloadable} test files could not be loaded.`);
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
