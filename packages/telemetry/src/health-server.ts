import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A named condition of readiness: `ready` and, when not, the reason in one sentence. */
export interface ReadinessCheck {
  readonly name: string;
  check(): { readonly ready: boolean; readonly detail: string | null };
}

/** The state of a service as `/ready` reports it. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ready: boolean; readonly detail: string | null }[];
}

/** Returns a registry with the process's own metrics in it. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Runs all checks. */
export function readReadiness(checks: readonly ReadinessCheck[]): Readiness {
  const results = checks.map(({ name, check }) => ({ name, ...check() }));
  return { ready: results.every((result) => result.ready), checks: results };
}

/**
 * Serves `/health` (200 while the process runs), `/ready` (200 or 503 with the failed checks), `/metrics` (Prometheus text)
 * and whatever `status` adds under `/status` as JSON.
 */
export async function startHealthServer(options: {
  readonly host: string;
  readonly port: number;
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Registry;
  readonly status?: () => unknown;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const send = (code: number, type: string, body: string) => response.writeHead(code, { 'content-type': type }).end(body);
    const json = (code: number, body: unknown) => send(code, 'application/json', JSON.stringify(body));
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/health') return json(200, { healthy: true });
    if (path === '/status' && options.status) return json(200, options.status());
    if (path === '/ready') {
      const readiness = readReadiness(options.checks);
      return json(readiness.ready ? 200 : 503, readiness);
    }
    if (path === '/metrics') {
      return options.metrics.metrics().then(
        (text) => send(200, options.metrics.contentType, text),
        (cause: unknown) => json(500, { error: String(cause) }),
      );
    }
    return json(404, { error: 'not found' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
