import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a cache and the gateway and counts what comes through. */
export interface RequestCounter {
  readonly port: number;
  /** How often each address was asked for, of those that `isMeant`. Addresses are decoded. */
  counts(isMeant: (url: string) => boolean): Map<string, number>;
  stop(): Promise<void>;
}

/** Hands every request on to a port of this machine. */
export async function countRequests(port: number): Promise<RequestCounter> {
  const seen = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const url = decodeURIComponent(incoming.url ?? '');
    seen.set(url, (seen.get(url) ?? 0) + 1);
    const { method, headers } = incoming;
    const onward = request({ agent, host: '127.0.0.1', port, path: incoming.url, method, headers });
    onward.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    // The gateway is gone: so is this.
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    counts: (isMeant) => new Map([...seen].filter(([url]) => isMeant(url))),
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
