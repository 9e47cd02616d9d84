import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartRefused } from '../start-refused';

/** How to run a program as a user PostgreSQL accepts, and who must own its files. */
export interface Runner {
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly command: (file: string, args: string[]) => { file: string; args: string[] };
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * PostgreSQL refuses to run as root, so root hands over to an ordinary account (the owner of existing
 * data, else `postgres`, else `nobody`). `paths` are the places that account must be able to reach.
 */
export function runnerFor(paths: string[], dataDirectory: string): Runner {
  const root = process.getuid?.() === 0;
  const setpriv = process.platform === 'linux' && existsSync(SETPRIV);
  if (!root && !setpriv) {
    return { owner: null, command: (file, args) => ({ file, args }) };
  }
  if (!setpriv) {
    throw new StartRefused(
      'PostgreSQL does not run as root: start Utskick as an ordinary user, or set DATABASE_URL.',
    );
  }
  // The kernel sends SIGINT (a fast, clean shutdown) when this process dies, also by SIGKILL.
  const options = ['--pdeathsig', 'INT'];
  const owner = root ? ownerOf(dataDirectory) : null;
  if (owner) {
    options.push(`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups');
    if (!paths.every((path) => reachable(path, owner))) {
      // A clone below a directory only root may enter, as /root or what mktemp makes: the account gets
      // the one right to pass. no_setuid_fixup because access(2) ignores capabilities without it.
      options.push('--inh-caps=+dac_override', '--ambient-caps=+dac_override');
      options.push('--securebits=+no_setuid_fixup');
    }
  }
  return { owner, command: (file, args) => ({ file: SETPRIV, args: [...options, file, ...args] }) };
}

function ownerOf(dataDirectory: string): { uid: number; gid: number } {
  if (existsSync(dataDirectory)) {
    const { uid, gid } = statSync(dataDirectory);
    if (uid !== 0) return { uid, gid };
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!found) {
    throw new StartRefused(
      'PostgreSQL does not run as root and this system has neither a postgres nor a nobody account: start Utskick as an ordinary user, or set DATABASE_URL.',
    );
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

function reachable(path: string, owner: { uid: number; gid: number }): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (!existsSync(at)) continue;
    const { mode, uid, gid } = statSync(at);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if (statSync(at).isDirectory() && !(mode & bit)) return false;
  }
  return true;
}
