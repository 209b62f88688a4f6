import { describe, expect, it } from 'vitest';
import type { WebSettings } from './config.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { gatewayUrl, socketUrl } from './gateway-address.ts';

const settings = (overrides: Partial<WebSettings> = {}): WebSettings => ({
  CANDLECAST_HOST: '127.0.0.1',
  CANDLECAST_GATEWAY_PORT: 4000,
  CANDLECAST_GATEWAY_URL: undefined,
  CANDLECAST_GATEWAY_PUBLIC_URL: undefined,
  CANDLECAST_WEB_KEY_FILE: undefined,
  ...overrides,
});
const headers = (values: Record<string, string>) => new Headers(values);

describe('gatewayUrl', () => {
  it.each([
    [{}, 'http://127.0.0.1:4000/graphql'],
    [{ CANDLECAST_HOST: '0.0.0.0' }, 'http://127.0.0.1:4000/graphql'],
    [{ CANDLECAST_HOST: '::' }, 'http://[::1]:4000/graphql'],
    [{ CANDLECAST_GATEWAY_URL: 'https://gateway.internal' }, 'https://gateway.internal/graphql'],
  ])('of %j is %s', (overrides, url) => {
    expect(gatewayUrl(settings(overrides), '/graphql')).toBe(url);
  });
});

describe('socketUrl', () => {
  it.each([
    ['localhost:3000', 'ws://localhost:4000/graphql'],
    ['192.168.1.7:3000', 'ws://192.168.1.7:4000/graphql'],
    ['[::1]:3000', 'ws://[::1]:4000/graphql'],
    ['example.org', 'ws://example.org:4000/graphql'],
    ["evil'; script-src *", 'ws://localhost:4000/graphql'],
  ])('follows the host %s', (host, url) => {
    expect(socketUrl(settings(), { get: (name) => (name === 'host' ? host : null) })).toBe(url);
  });

  it('is secure behind a secure proxy', () => {
    expect(socketUrl(settings(), headers({ host: 'example.org', 'x-forwarded-proto': 'https, http' }))).toBe(
      'wss://example.org:4000/graphql',
    );
  });

  it('is the public address where one is set', () => {
    const url = socketUrl(settings({ CANDLECAST_GATEWAY_PUBLIC_URL: 'https://api.example.org' }), headers({ host: 'www.example.org' }));
    expect(url).toBe('wss://api.example.org/graphql');
  });
});

describe('contentSecurityPolicy', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc', socketUrl: 'ws://localhost:4000/graphql', isDevelopment: false });

  it('lets scripts run with the nonce only', () => {
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).not.toContain('unsafe-eval');
  });

  it('lets the page connect to itself and the gateway only', () => {
    expect(policy).toContain("connect-src 'self' ws://localhost:4000;");
  });
});
