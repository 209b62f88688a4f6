import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

const NOWHERE = 'unknown';

/**
 * Returns where a request comes from, as quotas count it. `trustedProxies` is how many proxies of ours stand before the gateway: the address is
 * the one that the outermost of them saw. With 0 the header `X-Forwarded-For`, which anybody can write, is not looked at.
 */
export function clientAddress(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? NOWHERE;
  if (trustedProxies === 0) return toSubject(direct);
  const seen = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim());
  return toSubject(seen.at(-trustedProxies) || direct);
}

/** One household or host has a whole /64 of IPv6, so that counts as one; mapped IPv4 counts as IPv4; what is no address counts together. */
export function toSubject(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return NOWHERE;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
