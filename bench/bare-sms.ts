import { Agent, request } from 'node:http';
import { asOrdered, bareLoop, type BareResult } from './bare-loop';

/** The bare work of handing text messages over: the product's own request, again and again, without a database. */
export interface BareSmsOrder {
  /** The sink. */
  url: string;
  recipients: number;
  /** Requests under way at a time. */
  concurrency: number;
}

async function run(order: BareSmsOrder): Promise<BareResult> {
  const { url, concurrency } = order;
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

  return bareLoop(order, { warm: 1_000 }, post);
}

asOrdered(run);
