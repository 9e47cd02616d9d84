import { Agent, request } from 'node:http';
import type { BareResult } from './bare-http';

/** The bare work of handing text messages over: the product's own request, again and again, without a database. */
export interface BareSmsOrder {
  /** The sink. */
  url: string;
  recipients: number;
  /** Requests under way at a time. */
  concurrency: number;
}

async function run({ url, recipients, concurrency }: BareSmsOrder): Promise<BareResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const sample = new URLSearchParams(await (await fetch(`${url}/sample`)).text());
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${Buffer.from('AC:token').toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const post = (number: number) =>
    new Promise<void>((resolve, reject) => {
      sample.set('To', `+46701${String(number).padStart(6, '0')}`);
      const body = Buffer.from(sample.toString());
      const path = `${url}/2010-04-01/Accounts/AC/Messages.json`;
      const all = { ...headers, 'content-length': body.length };
      const call = request(path, { method: 'POST', agent, headers: all }, (answer) => {
        answer.resume().once('end', resolve);
      });
      call.once('error', reject).end(body);
    });

  let next = 0;
  const line = async (end: number) => {
    while (next < end) await post(next++);
  };
  const lines = (end: number) => Promise.all(Array.from({ length: concurrency }, () => line(end)));

  // Both sides are measured warm.
  await lines(Math.min(1_000, recipients));
  const begun = performance.now();
  const cpu = process.cpuUsage();
  next = 0;
  await lines(recipients);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 };
}

run(JSON.parse(process.argv[2]!) as BareSmsOrder).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
