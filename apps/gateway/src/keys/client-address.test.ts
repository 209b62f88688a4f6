import { describe, expect, it } from 'vitest';
import { clientAddress, toSubject } from './client-address.ts';

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never;

describe('clientAddress', () => {
  it.each([
    ['the peer', '198.51.100.7', undefined, 0, '198.51.100.7'],
    ['the peer, whatever it claims', '198.51.100.7', '203.0.113.1', 0, '198.51.100.7'],
    ['what our proxy saw', '10.0.0.1', '203.0.113.1, 198.51.100.7', 1, '198.51.100.7'],
    ['what the outer of two proxies saw', '10.0.0.1', '192.0.2.9, 198.51.100.7, 10.0.0.2', 2, '198.51.100.7'],
    ['the peer when the proxy says nothing', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['the peer when the list is too short', '10.0.0.1', '198.51.100.7', 2, '10.0.0.1'],
    ['nowhere', undefined, undefined, 0, 'unknown'],
  ])('is %s', (_, peer, forwarded, proxies, expected) => {
    expect(clientAddress(request(peer, forwarded), proxies)).toBe(expected);
  });
});

describe('toSubject', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ["'; drop table", 'unknown'],
  ])('of %s is %s', (address, expected) => {
    expect(toSubject(address)).toBe(expected);
  });
});
