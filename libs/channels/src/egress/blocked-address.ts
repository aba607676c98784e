import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All that is routed to the whole Internet; everything outside it is somebody's inside, or nobody's. RFC 4291, 2.4. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');
/** Documentation, by RFC 3849 and RFC 9637; and benchmarking, overlay identifiers and the like, by RFC 6890. */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '3fff::/20'].map((range) => ipaddr.parseCIDR(range));

/** Prefixes behind which an IPv4 address stands, and the byte at which it begins. */
const CARRIERS_OF_V4 = [
  { range: ipaddr.parseCIDR('::ffff:0:0/96'), at: 12 }, // mapped, RFC 4291
  { range: ipaddr.parseCIDR('64:ff9b::/96'), at: 12 }, // NAT64, RFC 6052
  { range: ipaddr.parseCIDR('2002::/16'), at: 2 }, // 6to4, RFC 3056
];

/**
 * Says whether an address is none that a customer's URL may lead to: of this machine, of a private, link-local,
 * shared or reserved network, multicast, or a tunnel to one of these. An IPv4 address inside an IPv6 one is taken out
 * and judged itself.
 * @param address as a resolver or `URL` writes it, without brackets; whatever cannot be read is blocked
 * @see RFC 6890; IANA's registries of special-purpose addresses
 */
export function isBlockedAddress(address: string): boolean {
  // A zone names an interface of this machine; only link-local addresses have one.
  if (address.includes('%') || isIP(address) === 0) return true;
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === 'ipv4') return parsed.range() !== 'unicast';
  const carrier = CARRIERS_OF_V4.find(({ range }) => parsed.match(range));
  if (carrier) {
    const inside = parsed.toByteArray().slice(carrier.at, carrier.at + 4);
    return ipaddr.fromByteArray(inside).range() !== 'unicast';
  }
  return !parsed.match(GLOBAL_V6) || SPECIAL_V6.some((range) => parsed.match(range)) || isSpecial(parsed);
}

/** What the library's own list knows beyond ours: AS112, AMT. */
function isSpecial(address: ReturnType<typeof ipaddr.parse>): boolean {
  return address.range() !== 'unicast';
}
