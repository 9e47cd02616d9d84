import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { contradictions } from './contradictions';
import { Env, settingNames } from './env';

export class SettingsFault extends Error {
  constructor(readonly faults: string[]) {
    super(
      `Settings are wrong (${faults.length}):\n` + faults.map((fault) => `  - ${fault}`).join('\n'),
    );
  }
}

/** Reads and checks all settings; throws one SettingsFault that names every fault at once. */
export function loadEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const name of settingNames()) {
    const file = source[`${name}_FILE`];
    const direct = source[name];
    if (file && direct) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    else if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').trim();
      } catch (cause) {
        faults.push(`${name}_FILE: ${(cause as Error).message}`);
      }
    } else if (direct !== undefined && direct !== '') values[name] = direct;
  }
  values.PUBLIC_URL ??= `http://localhost:${values.PORT ?? new Env().PORT}`;
  const env = plainToInstance(Env, values, { exposeDefaultValues: true });
  for (const fault of validateSync(env)) {
    faults.push(`${fault.property}: ${Object.values(fault.constraints ?? {}).join('; ')}`);
  }
  faults.push(...contradictions(env));
  if (faults.length > 0) throw new SettingsFault(faults);
  return env;
}
