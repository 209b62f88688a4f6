import { describe, expect, it } from 'vitest';
import { isAllowed, parseTarget } from './target-rules.ts';

const STRICT = { isLoopbackAllowed: false };
const DEVELOPMENT = { isLoopbackAllowed: true };
const HTTPS = new URL('https://partner.example/hook');
const HTTP = new URL('http://partner.example/hook');

describe('addresses of webhooks', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, far', '127.255.255.254'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['link-local and metadata', '169.254.169.254'],
    ['shared (CGNAT)', '100.64.0.1'],
    ['shared, another metadata', '100.100.100.200'],
    ['Azure’s inside', '168.63.129.16'],
    ['this network', '0.0.0.0'],
    ['benchmarks', '198.18.0.1'],
    ['examples', '192.0.2.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['IPv6 loopback', '::1'],
    ['IPv6 unspecified', '::'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['IPv6 unique local', 'fd00:ec2::254'],
    ['IPv6 site-local', 'fec0::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv4-mapped private', '::ffff:10.0.0.1'],
    ['IPv4-mapped public', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::7f00:1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['documentation', '2001:db8::1'],
    ['no address', 'localhost'],
  ])('refuse %s: %s', (_, address) => {
    expect(isAllowed(address, HTTPS, STRICT)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111'])('take %s over https alone', (address) => {
    expect(isAllowed(address, HTTPS, STRICT)).toBe(true);
    expect(isAllowed(address, HTTP, DEVELOPMENT)).toBe(false);
  });

  it('take this machine where development says so, and no other private address', () => {
    for (const address of ['127.0.0.1', '::1']) {
      expect(isAllowed(address, HTTP, DEVELOPMENT)).toBe(true);
      expect(isAllowed(address, HTTPS, DEVELOPMENT)).toBe(true);
    }
    expect(isAllowed('10.0.0.1', HTTPS, DEVELOPMENT)).toBe(false);
    expect(isAllowed('::ffff:127.0.0.1', HTTPS, DEVELOPMENT)).toBe(false);
  });
});

describe('URLs of webhooks', () => {
  it.each([
    ['http://partner.example/', 'is not https'],
    ['ftp://partner.example/', 'is not https'],
    ['javascript:alert(1)', 'is not https'],
    ['partner.example', 'is not a URL'],
    ['https://user:secret@partner.example/', 'has a user or a password'],
    ['https://127.0.0.1/', 'is not a public address'],
    ['https://2130706433/', 'is not a public address'],
    ['https://0x7f.1/', 'is not a public address'],
    ['https://017700000001/', 'is not a public address'],
    ['https://[::1]/', 'is not a public address'],
    ['https://[::ffff:169.254.169.254]/', 'is not a public address'],
    ['https://10.0.0.1:8443/', 'is not a public address'],
    [`https://partner.example/${'x'.repeat(2_000)}`, 'letters, at most'],
  ])('refuse %s', (text, why) => {
    const parsed = parseTarget(text, STRICT);
    expect(parsed.ok ? 'allowed' : parsed.error.message).toContain(why);
    expect(!parsed.ok && parsed.error.code).toBe('BAD_USER_INPUT');
  });

  it('take https, and http in development', () => {
    expect(parseTarget('https://partner.example:8443/hook?a=1', STRICT).ok).toBe(true);
    expect(parseTarget('http://localhost:9000/', DEVELOPMENT).ok).toBe(true);
    expect(parseTarget('http://10.0.0.1/', DEVELOPMENT).ok).toBe(false);
  });
});
