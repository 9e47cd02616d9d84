import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartRefused } from '../start-refused';
import type { Files } from './files';
import type { Runner } from './unprivileged';

const run = promisify(execFile);

export interface ClusterOptions {
  user: string;
  password: string;
  initdb: string;
  runner: Runner;
}

/** Makes an empty database cluster; it is there whole or not at all, also after a kill half-way. */
export async function createCluster(files: Files, options: ClusterOptions): Promise<void> {
  const { user, password, initdb, runner } = options;
  const draft = mkdtempSync(`${files.cluster}.new-`);
  const passwordFile = join(draft, 'password');
  const cluster = join(draft, 'cluster');
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (runner.owner) {
      chownSync(passwordFile, runner.owner.uid, runner.owner.gid);
      chownSync(draft, runner.owner.uid, runner.owner.gid);
    }
    const { file, args } = runner.command(initdb, [
      `--pgdata=${cluster}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same everywhere whatever the system's locales are, and lower('Å') is 'å', which plain C is not.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
    await run(file, args, { cwd: '/' });
    renameSync(cluster, files.cluster);
  } catch (error) {
    // Another process that started at the same moment made it first.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      const output = (error as { stderr?: string }).stderr;
      throw new StartRefused(
        `The embedded PostgreSQL could not be set up. ${output ?? ''}`.trim(),
        {
          cause: error,
        },
      );
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
