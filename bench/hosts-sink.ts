import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A provider that keeps a ledger: which message came how often, and from which host. A process of its own; takes
 * `{"addresses": […], "by": "remote" | "local"}`, prints its port and runs until it is killed. With `local` the
 * hosts are told apart by the address they called, for hosts that share one.
 */
export interface LedgerOrder {
  addresses: string[];
  by: 'remote' | 'local';
}

export interface Account {
  /** Recipients by the host that handed them over. */
  byHost: Record<string, number>;
  /** Different messages. */
  messages: number;
  /** Messages that came more than once. */
  doubled: number;
}

interface Mail {
  personalizations: { custom_args: { message_id: string } }[];
}

const order = JSON.parse(process.argv[2]!) as LedgerOrder;
const taken = new Map<string, number>();
const byHost = new Map<string, number>();
let delayMs = 0;

function take(request: IncomingMessage, body: string): void {
  const { localAddress, remoteAddress } = request.socket;
  const host = (order.by === 'remote' ? remoteAddress : localAddress) ?? '';
  const { personalizations } = JSON.parse(body) as Mail;
  byHost.set(host, (byHost.get(host) ?? 0) + personalizations.length);
  for (const { custom_args } of personalizations)
    taken.set(custom_args.message_id, (taken.get(custom_args.message_id) ?? 0) + 1);
}

function account(): Account {
  return {
    byHost: Object.fromEntries(byHost),
    messages: taken.size,
    doubled: [...taken.values()].filter((count) => count > 1).length,
  };
}

function serve(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (request.url === '/account') return void response.end(JSON.stringify(account()));
      if (request.url === '/reset') {
        ({ delayMs } = JSON.parse(body) as { delayMs: number });
        taken.clear();
        byHost.clear();
        return void response.end();
      }
      take(request, body);
      setTimeout(() => response.writeHead(202, { 'x-message-id': 'sink' }).end(), delayMs);
    });
  });
}

async function listen(port: number, address: string): Promise<number> {
  const server = serve();
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

async function main(): Promise<void> {
  let port = 0;
  for (const address of order.addresses) port = await listen(port, address);
  process.stdout.write(`${port}\n`);
}

void main();
