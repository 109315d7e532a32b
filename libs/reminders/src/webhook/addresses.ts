import { BlockList, isIP, isIPv4 } from 'node:net';

/*
 * Addresses that are nobody's on the open network: a webhook must not become a way into the network behind this machine. After the special-
 * purpose registries of IANA (RFC 6890 and what has been added since).
 */
/** A list of each kind: one list of both takes an IPv4 address for its IPv6 form, and finds it in the network of all of those. */
const closed = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15],
  ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) closed.ipv4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['::', 96], ['::1', 128], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['5f00::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]] as const) closed.ipv6.addSubnet(net, bits, 'ipv6');

/** Whether an address may be reached from here: it is open, or an administrator has named it (an address, or a network as `10.1.2.0/24`). */
export function mayReach(address: string, allowed: readonly string[]): boolean {
  const plain = address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
  const family = isIP(plain);
  if (family === 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (!closed[type].check(plain, type)) return true;
  return allowed.some((one) => {
    const [net = '', bits] = one.split('/');
    if (isIP(net) !== family) return false;
    const list = new BlockList();
    list.addSubnet(net, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), type);
    return list.check(plain, type);
  });
}
