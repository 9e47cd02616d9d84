import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/**
 * The bare work of handing over: requests of the same shape, size and number of recipients as the product's,
 * to the same sink, from a process without a database, as fast as it can. What it did stands on one line.
 */
export interface BareOrder {
  /** The sink. */
  url: string;
  recipients: number;
  perRequest: number;
  /** Requests under way at a time. */
  concurrency: number;
}

export interface BareResult {
  seconds: number;
  cpuSeconds: number;
}

interface Mail {
  personalizations: { to: object[]; custom_args: object }[];
  content: object[];
}

async function run({ url, recipients, perRequest, concurrency }: BareOrder): Promise<BareResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const mail = (await (await fetch(`${url}/sample`)).json()) as Mail;
  const { content, personalizations, ...rest } = mail;
  const head = JSON.stringify(rest).slice(0, -1);
  // As the product does: what is the same for all is made once.
  const tail = Buffer.from(`,"content":${JSON.stringify(content)}}`);

  const body = (first: number, count: number): Buffer => {
    const people = Array.from({ length: count }, (_, n) => ({
      ...personalizations[n % personalizations.length]!,
      to: [{ email: `person.${first + n}@foretag-${n}.example`, name: 'Förnamn Efternamn' }],
      custom_args: { message_id: randomUUID() },
    }));
    const own = Buffer.from(`${head},"personalizations":${JSON.stringify(people)}`);
    return Buffer.concat([own, tail]);
  };
  const post = (payload: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': payload.length };
      const call = request(`${url}/v3/mail/send`, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().once('end', resolve);
      });
      call.once('error', reject).end(payload);
    });

  let next = 0;
  const line = async (end: number) => {
    while (next < end) {
      const first = next;
      next += perRequest;
      await post(body(first, Math.min(perRequest, end - first)));
    }
  };
  const lines = (end: number) => Promise.all(Array.from({ length: concurrency }, () => line(end)));

  // Both sides are measured warm.
  await lines(Math.min(5_000, recipients));
  const begun = performance.now();
  const cpu = process.cpuUsage();
  next = 0;
  await lines(recipients);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 };
}

run(JSON.parse(process.argv[2]!) as BareOrder).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
