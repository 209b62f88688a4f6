import type { WebSettings } from './config.ts';

const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const HOST = /^(?<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?$/;

/** Returns the gateway's address for this server: a path under the configured address, or under this machine's. */
export function gatewayUrl(settings: WebSettings, path: '/graphql' | '/ready' | `/export/${string}`): string {
  const host = ANY_ADDRESS[settings.CANDLECAST_HOST] ?? settings.CANDLECAST_HOST;
  const local = `http://${host.includes(':') ? `[${host}]` : host}:${settings.CANDLECAST_GATEWAY_PORT}`;
  return new URL(path, settings.CANDLECAST_GATEWAY_URL ?? local).href;
}

/**
 * Returns the WebSocket address for the browser that asks: the configured public address, or the host name under which it
 * reached this page with the gateway's port. `headers` are the request's; a malformed host counts as localhost.
 */
export function socketUrl(settings: WebSettings, headers: { get(name: string): string | null }): string {
  if (settings.CANDLECAST_GATEWAY_PUBLIC_URL) {
    const url = new URL('/graphql', settings.CANDLECAST_GATEWAY_PUBLIC_URL);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }
  const name = HOST.exec(headers.get('host') ?? '')?.groups?.name ?? 'localhost';
  const isSecure = headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
  return `${isSecure ? 'wss' : 'ws'}://${name}:${settings.CANDLECAST_GATEWAY_PORT}/graphql`;
}
