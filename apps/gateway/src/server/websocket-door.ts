import { setMaxListeners } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Guard } from '../guard/guard.ts';
import { isOriginAllowed } from '../guard/origins.ts';
import type { SocketVisit } from '../guard/socket-gate.ts';
import { toClientError } from '../guard/to-client-error.ts';
import { clientAddress } from '../keys/client-address.ts';
import type { CatchUpTurns } from '../live/catch-up-turns.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { GatewayMetrics } from './metrics.ts';
import { createMessageReader } from './read-message.ts';
import { newRequestId } from './request-id.ts';
import { createTurnEnd, SocketLine } from './socket-line.ts';
import { createSocketPings } from './socket-pings.ts';
import { type Enveloped, prepareOperation } from './websocket-operation.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_OPERATIONS = 50;
const INIT_TIMEOUT_MS = 3_000;
/** How long a client may take to answer a close: with the time that a reader may stay behind, a stalled one is gone within 30 s. */
const CLOSE_TIMEOUT_MS = 8_000;
const GOING_AWAY = 1012;
const SLOW_READER = 4290;

const SOCKETS = {
  noServer: true,
  maxPayload: MAX_PAYLOAD_BYTES,
  perMessageDeflate: false, // a line writes frames of its own between the socket's
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols,
};

interface Extra {
  readonly line: SocketLine;
  readonly visit: SocketVisit;
  readonly gone: AbortSignal;
}

/** The open door. */
export interface WebSocketDoor {
  /** Tells every client to connect again elsewhere (1012) and takes no more; who has not answered after `farewellMs` is cut. */
  drain(farewellMs: number): void;
}

/** Opens `/graphql` of `server` to graphql-transport-ws. Requests run through the same pipeline as over HTTP. */
export function openWebSocketDoor(options: {
  readonly server: Server;
  readonly endpoint: GraphqlEndpoint;
  readonly guard: Guard;
  readonly allowedOrigins: readonly string[];
  readonly turns: CatchUpTurns;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
}): WebSocketDoor {
  const { server, endpoint, guard, allowedOrigins, turns, metrics, logger } = options;
  const sockets = new WebSocketServer(SOCKETS);
  const atTurnEnd = createTurnEnd();
  const pings = createSocketPings();
  const read = createMessageReader();
  let isDraining = false;

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ connectionParams, extra }) => extra.visit.init(connectionParams),
    onPing: ({ extra }) => extra.visit.countControl(),
    onPong: ({ extra }) => extra.visit.countControl(),
    execute: (args) => (args.rootValue as Enveloped).execute(args) as never,
    subscribe: (args) => (args.rootValue as Enveloped).subscribe(args) as never,
    async onSubscribe({ subscriptions, extra }, id, payload) {
      const requestId = newRequestId();
      if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
        const limit = new AppError('RATE_LIMITED', `at most ${MAX_OPERATIONS} operations may run on a connection`);
        return [toClientError(limit, 'validate', requestId).shown];
      }
      const refusal = await extra.visit.admit(requestId);
      if (refusal) return [refusal];
      const { line, gone } = extra;
      const connection = { signal: gone, cutSlowReader: (cursor: string) => cutSlowReader(line, cursor) };
      const scope = { requestId, caller: extra.visit.caller, connection };
      return prepareOperation({ endpoint, documents: guard.documents, line, id, payload, scope, turns });
    },
  });

  function cutSlowReader(line: SocketLine, cursor: string): void {
    metrics.slowReaders.inc({ transport: 'websocket' });
    // The event that the cursor names may still be on its way through execution; that ends within this turn of the event loop.
    setImmediate(() => line.close(SLOW_READER, `after=${cursor}`));
  }

  function serve(socket: WebSocket, stream: Duplex, address: string): void {
    metrics.sockets.inc();
    const line = new SocketLine(socket, stream, atTurnEnd);
    const gone = new AbortController();
    setMaxListeners(MAX_OPERATIONS + 1, gone.signal);
    // Each operation may wait for the socket to drain, beside what Node and ws listen to.
    stream.setMaxListeners(MAX_OPERATIONS + stream.getMaxListeners());
    pings.watch(socket);
    socket.on('error', (cause) => logger.debug({ err: cause }, 'a WebSocket failed'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolves once the frame has left: an operation gets its next event only then.
        send: (text) => line.send(text),
        close: (code = CloseCode.InternalServerError, reason = '') => line.close(code, reason),
        onMessage: (listener) =>
          socket.on('message', (data) => {
            listener(read(String(data)) as string).catch((cause: unknown) => {
              if (isOfTheServer(cause)) return line.close(CloseCode.BadRequest, 'Invalid message received');
              logger.error({ err: cause }, 'handling a WebSocket message failed');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { line, visit: guard.gate.enter(socket, address), gone: gone.signal },
    );
    socket.once('close', (code, reason) => {
      metrics.sockets.dec();
      gone.abort();
      void closed(code, String(reason));
    });
  }

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path !== '/graphql') return refuse(stream, '404 Not Found');
    if (isDraining) return refuse(stream, '503 Service Unavailable');
    if (!isOriginAllowed(request.headers.origin, request.headers.host, allowedOrigins)) return refuse(stream, '403 Forbidden');
    const address = clientAddress(request, guard.trustedProxies);
    if (!guard.gate.hasRoom(address)) return refuse(stream, '429 Too Many Requests', 'Retry-After: 5\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, stream, address));
  });

  return {
    drain(farewellMs) {
      isDraining = true;
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Service restart');
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, farewellMs).unref();
    },
  };
}

/** graphql-ws throws at a message that only a server may send; by the protocol that is a bad message like any other. */
function isOfTheServer(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('Unexpected message of type');
}

function refuse(stream: Duplex, status: string, headers = ''): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`);
}
