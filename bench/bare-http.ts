import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { asOrdered, bareLoop, type BareResult } from './bare-loop';

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

interface Mail {
  personalizations: { to: object[]; custom_args: object }[];
  content: object[];
}

async function run(order: BareOrder): Promise<BareResult> {
  const { url, perRequest, concurrency } = order;
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

  return bareLoop(order, { warm: 5_000, size: perRequest }, (first, count) =>
    post(body(first, count)),
  );
}

asOrdered(run);
