import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { loadEnv, SettingsFault } from './platform/config/load-env';
import { StartRefused } from './platform/start-refused';
import { ROLES, type Role } from './processes/roles';
import { runProcess, writeOpenApi } from './processes/run';

// V8 lets a heap grow to several times what lives in it before it looks for what does not. With two thirds more a
// worker takes 80 to 110 MB less, and a few percent more of its time. See docs/decisions.md.
setFlagsFromString('--heap-growing-percent=65');

/** `node dist/main.js <all|web|worker [pool]|scheduler|migrate>`; the role may also come from APP_ROLE. `openapi [file]` writes the API's description. */
async function main(): Promise<void> {
  const env = loadEnv();
  const [first, pool] = process.argv.slice(2);
  if (first === 'openapi') return writeOpenApi(env, pool);
  const role = (first ?? env.APP_ROLE) as Role;
  if (!ROLES.includes(role))
    throw new SettingsFault([`role "${first}" is not one of ${ROLES.join(', ')}`]);
  await runProcess(env, role, pool);
}

main().catch((error: unknown) => {
  const text =
    error instanceof SettingsFault || error instanceof StartRefused
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
