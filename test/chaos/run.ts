import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bugReport, chaosReport, unknownReport } from './report';
import { planFor, runChaos } from './run-chaos';
import { runKills } from './run-kills';
import { isCaught, runBugs } from './seeded/run-bugs';

/** `npm run chaos -- --seed N --minutes M --channel email|sms`, `-- --bugs`, `-- --kills 12 --recipients 100000`; ends with 1 on any violation. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '3' },
      channel: { type: 'string', default: 'email' },
      bugs: { type: 'boolean', default: false },
      kills: { type: 'string' },
      recipients: { type: 'string', default: '100000' },
      /** Leaves the run's folder: logs of all processes, the provider's ledger, every unknown by its id. */
      keep: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'seed' | 'minutes' | 'kills' | 'recipients') => {
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} must be a number`);
    return value;
  };
  const { channel } = values;
  if (channel !== 'email' && channel !== 'sms') throw new Error('--channel is email or sms');
  if (values.bugs) {
    const results = await runBugs();
    for (const line of bugReport(results)) console.log(line);
    return results.every(isCaught);
  }
  const seed = number('seed');
  console.log(`seed=${seed}`);
  const result =
    values.kills === undefined
      ? await runChaos(planFor(seed, number('minutes'), channel), values.keep)
      : await runKills(
          { seed, recipients: number('recipients'), kills: number('kills') },
          values.keep,
        );
  if (values.keep) {
    writeFileSync(join(result.directory, 'unknown.txt'), unknownReport(result).join('\n') + '\n');
    console.log(`kept: ${result.directory}`);
  }
  for (const line of chaosReport(result)) console.log(line);
  return result.verdict.violations.length === 0 && result.broken.length === 0;
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
