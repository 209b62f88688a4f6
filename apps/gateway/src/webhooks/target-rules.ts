import { isIP } from 'node:net';
import { AppError, err, ok, type Result } from '@candlecast/domain';
import ipaddr from 'ipaddr.js';

/** What is allowed beyond public https addresses. */
export interface TargetPolicy {
  /** http and https to this machine, for development. */
  readonly isLoopbackAllowed: boolean;
}

const MOST_LETTERS = 2_000;
/** In public ranges, and yet a cloud's inside: the host that Azure's machines ask for their own settings. */
const INSIDE = new Set(['168.63.129.16']);
/** What the internet is made of: other IPv6 addresses are local, reserved, or carry an IPv4 address inside. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Reads the address of a webhook: https, no user and password in it, no address that is not public. Names are resolved when they are called. */
export function parseTarget(text: string, policy: TargetPolicy): Result<URL> {
  const refuse = (why: string) => err(new AppError('BAD_USER_INPUT', `url "${text.slice(0, 100)}" ${why}`));
  if (text.length > MOST_LETTERS) return refuse(`has ${text.length} letters, at most ${MOST_LETTERS} are allowed`);
  if (!URL.canParse(text)) return refuse('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && policy.isLoopbackAllowed)) return refuse('is not https');
  if (url.username !== '' || url.password !== '') return refuse('has a user or a password in it: deliveries are signed instead');
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isAllowed(host, url, policy)) return refuse('is not a public address');
  return ok(url);
}

/** Returns the host of a URL without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Tells whether an address may be connected to for `url`. Only public ones may: not private, link-local (where clouds keep their metadata),
 * shared (CGNAT), loopback, multicast, reserved, nor IPv6 addresses that stand for an IPv4 one. Loopback where the policy says so; http nowhere else.
 */
export function isAllowed(address: string, url: URL, { isLoopbackAllowed }: TargetPolicy): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') return isLoopbackAllowed;
  if (url.protocol !== 'https:' || range !== 'unicast' || INSIDE.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6);
}
