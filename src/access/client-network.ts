import { isIPv6 } from 'node:net';

/** What one client may have as many addresses of as it likes. */
const CLIENT_BITS = 64;
const GROUP_BITS = 16;
const GROUPS = 8;
const IPV4_MAPPED = '0:0:0:0:0:ffff';

/**
 * Whom an address is counted for: of IPv6 its /64, which is the least that a provider hands out and a client chooses its
 * address in (RFC 7421); an IPv4 address, also one written as IPv6 (RFC 4291, 2.5.5.2), for itself.
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') === IPV4_MAPPED) return ipv4Of(groups.slice(6));
  return `${groups.slice(0, CLIENT_BITS / GROUP_BITS).join(':')}::/${CLIENT_BITS}`;
}

/** In hexadecimal, each without leading zeros, as WHATWG's URL writes them. */
function groupsOf(address: string): string[] {
  const [withoutZone] = address.split('%');
  const written = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [head, tail = []] = written
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const leftOut = GROUPS - head.length - tail.length;
  return [...head, ...Array<string>(leftOut).fill('0'), ...tail];
}

const ipv4Of = (groups: string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
