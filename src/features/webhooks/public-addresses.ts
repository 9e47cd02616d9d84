import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are not the internet: our own, the machine itself, a cloud's metadata, and what is for no one. */
const OURS = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  OURS.addSubnet(network, bits, 'ipv4');
}
/** All of IPv6 that is handed out to be reached; what holds an IPv4 address is not in it. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  OURS.addSubnet(network, bits, 'ipv6');
}

/** Whether an IP address may be called on behalf of whoever names it. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !OURS.check(address, 'ipv4');
  return family === 6 && PUBLIC_V6.check(address, 'ipv6') && !OURS.check(address, 'ipv6');
}

/** Looks a name up at the moment of connecting, so that it cannot have changed since it was judged. */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const found = addresses as LookupAddress[];
    if (error) return callback(error, []);
    if (found.length === 0 || !found.every(({ address }) => isPublic(address))) {
      return callback(Object.assign(new Error('not public'), { code: 'private_address' }), []);
    }
    if (options.all) return callback(null, found);
    callback(null, found[0]!.address, found[0]!.family);
  });
};
