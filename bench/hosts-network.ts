import { spawnSync } from 'node:child_process';

/** A host of its own, as far as the network goes. */
export interface Host {
  name: string;
  address: string;
  /** What is put before a command so that it runs there. */
  command: string[];
}

export interface Network {
  kind: 'namespaces' | 'loopback';
  /** Where Postgres, Redis and the provider are; none of the hosts. */
  server: string;
  /** All of it, for pg_hba.conf. */
  range: string;
  hosts: Host[];
  close(): void;
}

/**
 * Hosts as Linux network namespaces on a bridge, each with an address of its own and nothing else in reach; the
 * servers are on the bridge's address. Where that is not allowed: other addresses of the loopback device.
 */
export function openNetwork(count: number, say: (line: string) => void): Network {
  const network = new Namespaces(count);
  try {
    network.open();
    return network;
  } catch (error) {
    network.close();
    say(`no network namespaces here (${(error as Error).message}): loopback addresses instead`);
    return loopback(count);
  }
}

class Namespaces implements Network {
  readonly kind = 'namespaces';
  // Two runs on one machine must not meet; a device's name has at most 15 letters.
  private readonly id = process.pid.toString(36);
  private readonly net = `10.213.${process.pid % 250}`;
  private readonly bridge = `utb${this.id}`;
  readonly server = `${this.net}.1`;
  readonly range = `${this.net}.0/24`;
  readonly hosts: Host[];

  constructor(count: number) {
    this.hosts = Array.from({ length: count }, (_, n) => {
      const name = `ut${this.id}${String.fromCharCode(97 + n)}`;
      return {
        name,
        address: `${this.net}.${11 + n}`,
        command: ['ip', 'netns', 'exec', name],
      };
    });
  }

  open(): void {
    ip('link', 'add', this.bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.server}/24`, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
    for (const { name, address } of this.hosts) {
      ip('netns', 'add', name);
      ip('link', 'add', `${name}0`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('link', 'set', `${name}0`, 'master', this.bridge, 'up');
      ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
  }

  /** Also what was made half-way; a namespace takes its end of the cable with it. */
  close(): void {
    for (const { name } of this.hosts) spawnSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', this.bridge]);
  }
}

/** Hosts that differ only by the address at which they meet the provider. */
export function loopback(count: number): Network {
  return {
    kind: 'loopback',
    server: '127.0.0.1',
    range: '127.0.0.0/8',
    hosts: Array.from({ length: count }, (_, n) => ({
      name: String.fromCharCode(97 + n),
      address: `127.0.0.${2 + n}`,
      command: [],
    })),
    close: () => undefined,
  };
}

function ip(...args: string[]): void {
  const { status, error, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim() || `ip ${args.join(' ')}`);
}
