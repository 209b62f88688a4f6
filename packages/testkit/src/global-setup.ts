import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVER_DESK } from './server-desk.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/**
 * Vitest's global set-up: a desk on loopback at which test workers ask for the database server. It is started when the first one
 * asks, so that a run without database tests does not wait for it, and stopped after the run.
 */
export default async function setup(): Promise<() => Promise<void>> {
  let server: Promise<TestServer> | undefined;
  const desk = createServer((_, response) => {
    server ??= startTestServer({
      url: process.env.TEST_DATABASE_URL || undefined,
      hasTimescale: process.env.TEST_STORAGE_TIER === 'apache',
    });
    server.then(
      ({ adminUrl, template, tier }) => response.end(JSON.stringify({ adminUrl, template, tier })),
      (cause: unknown) => response.writeHead(500).end(cause instanceof Error ? cause.message : String(cause)),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  process.env[SERVER_DESK] = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
  return async () => {
    desk.close();
    desk.closeAllConnections();
    await server?.then(
      (started) => started.stop(),
      () => undefined,
    );
  };
}
