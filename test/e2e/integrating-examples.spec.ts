import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiKey, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

const GUIDE = join(__dirname, '../../docs/integrating.md');

interface Example {
  method: string;
  path: string;
  body: string | undefined;
  /** What the guide says that the answer has in it. */
  says: unknown;
}

/** `api PUT courses/excel-1 '{…}'`, and under it in comments the answer. */
function examplesIn(text: string): Example[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
  const call = /^api (?<method>[A-Z]+) (?<path>\S+)(?: '(?<body>[^']*)')?\n(?<says>(?:#.*\n)*)/gm;
  return blocks.flatMap((block) =>
    [...block.matchAll(call)].map(({ groups }) => {
      const said = groups!.says!.replace(/^# ?/gm, '').trim();
      return {
        method: groups!.method!,
        path: groups!.path!,
        body: groups!.body,
        says: said ? JSON.parse(said) : {},
      };
    }),
  );
}

describe('the examples of the guide for integrating', () => {
  let service: Service;
  let caller: Caller;
  beforeAll(async () => {
    service = await Service.open({}, 'web');
    caller = await apiKey(
      service,
      'contacts:read',
      'contacts:write',
      'learning:write',
      'topics:write',
    );
  });
  afterAll(() => service?.close());

  it('are answered as it says, in its order', async () => {
    const examples = examplesIn(readFileSync(GUIDE, 'utf8'));
    expect(examples.length).toBeGreaterThanOrEqual(8);
    for (const { method, path, body, says } of examples) {
      const answer = await fetch(`${service.url}/api/v1/${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...caller.headers },
        ...(body && { body }),
      });
      const told = { call: `${method} ${path}`, ok: answer.ok, answer: await answer.json() };
      expect(told).toMatchObject({ call: `${method} ${path}`, ok: true, answer: says });
    }
  });
});
