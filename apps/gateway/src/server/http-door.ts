import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Logger, type ReadinessCheck, readReadiness } from '@candlecast/telemetry';
import type { AdapterRoutes } from '../adapters/adapter-routes.ts';
import { answerGraphql, type GraphqlAnswering } from './answer-graphql.ts';
import type { GatewayMetrics } from './metrics.ts';

/** A socket without traffic for so long is dead: live ones carry a ping every 12 s, and a stalled reader's socket carries nothing. */
const IDLE_SOCKET_MS = 60_000;

/** The HTTP server and the end of its streams. */
export interface HttpDoor {
  readonly server: Server;
  /** Cuts event streams and files, so that their clients go on elsewhere; requests that will end by themselves are let be. */
  drain(): void;
}

/** What the server answers with. */
export interface HttpDoorOptions extends GraphqlAnswering {
  readonly printedSchema: string;
  /** The addresses of other protocols. */
  readonly adapters: AdapterRoutes;
  readonly checks: readonly ReadinessCheck[];
  /** What the database can do, for `/ready`. */
  readonly storageTier: string;
  readonly logger: Logger;
}

/**
 * Returns the server of one port: `/graphql` (POST, GET, server-sent events), `/schema.graphql`, `/health`, `/ready`, `/metrics`, and
 * the addresses of the adapters. A POST must be JSON: forms, which any page may send unasked, are refused.
 */
export function createHttpDoor({ printedSchema, adapters, checks, storageTier, logger, ...answering }: HttpDoorOptions): HttpDoor {
  const { metrics } = answering;
  const running = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/graphql') {
      if (request.method === 'POST' && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
        return sendJson(response, 415, { error: 'send a POST with content-type application/json' });
      }
      running.add(response);
      response.once('close', () => running.delete(response));
      return void answerGraphql(answering, request, response).catch((cause: unknown) => {
        logger.error({ err: cause }, 'a request was not answered');
        response.destroy();
      });
    }
    if (adapters.answer(request, response)) return;
    if (path === '/health') return sendJson(response, 200, { healthy: true });
    if (path === '/schema.graphql') return send(response, 200, 'text/plain; charset=utf-8', printedSchema);
    if (path === '/metrics') return void sendMetrics(response, metrics);
    if (path !== '/ready') return sendJson(response, 404, { error: 'not found' });
    const readiness = readReadiness(checks);
    sendJson(response, readiness.ready ? 200 : 503, { ...readiness, storageTier });
  });
  server.setTimeout(IDLE_SOCKET_MS);
  return {
    server,
    drain() {
      adapters.drain();
      for (const response of running) {
        if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy();
      }
    },
  };
}

async function sendMetrics(response: ServerResponse, { registry }: GatewayMetrics): Promise<void> {
  try {
    send(response, 200, registry.contentType, await registry.metrics());
  } catch (cause) {
    sendJson(response, 500, { error: String(cause) });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
