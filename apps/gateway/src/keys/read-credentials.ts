import type { IncomingMessage } from 'node:http';
import type { Credentials } from './authenticate.ts';
import { clientAddress } from './client-address.ts';

/** Returns what an HTTP request shows of who sends it; `trustedProxies` of ours stand before the gateway. */
export function readCredentials(request: IncomingMessage, trustedProxies: number): Credentials {
  const read = (name: string) => {
    const value = request.headers[name];
    return value === undefined ? undefined : String(value);
  };
  return {
    authorization: read('authorization'),
    workspace: read('x-candlecast-workspace'),
    visitorAddress: read('x-candlecast-visitor-address'),
    address: clientAddress(request, trustedProxies),
  };
}
