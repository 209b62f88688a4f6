import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Guard } from '../guard/guard.ts';
import { isOriginAllowed } from '../guard/origins.ts';
import type { RequestScope } from '../guard/request-scope.ts';
import type { SocketVisit } from '../guard/socket-gate.ts';
import { toClientError } from '../guard/to-client-error.ts';
import { clientAddress } from '../keys/client-address.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { GatewayMetrics } from './metrics.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_OPERATIONS = 50;
const INIT_TIMEOUT_MS = 3_000;
const PING_MS = 12_000;
const GOING_AWAY = 1012;
const SLOW_READER = 4290;

interface Extra {
  readonly socket: WebSocket;
  readonly visit: SocketVisit;
  readonly gone: AbortSignal;
}

/** The enveloped functions of one operation travel from `onSubscribe` to its execution as root value, as Yoga's guide has it. */
interface Enveloped {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
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
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
}): WebSocketDoor {
  const { server, endpoint, guard, allowedOrigins, metrics, logger } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD_BYTES, perMessageDeflate: false, handleProtocols });
  let isDraining = false;

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ connectionParams, extra }) => extra.visit.init(connectionParams),
    onPing: ({ extra }) => extra.visit.countControl(),
    onPong: ({ extra }) => extra.visit.countControl(),
    execute: (args) => (args.rootValue as Enveloped).execute(args) as never,
    subscribe: (args) => (args.rootValue as Enveloped).subscribe(args) as never,
    async onSubscribe({ subscriptions, extra }, _id, payload) {
      const requestId = randomUUID();
      if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
        const limit = new AppError('RATE_LIMITED', `at most ${MAX_OPERATIONS} operations may run on a connection`);
        return [toClientError(limit, 'validate', requestId).shown];
      }
      const refusal = await extra.visit.admit(requestId);
      if (refusal) return [refusal];
      return prepare(endpoint, payload, {
        requestId,
        caller: extra.visit.caller,
        connection: { signal: extra.gone, cutSlowReader: (cursor) => cutSlowReader(extra.socket, cursor) },
      });
    },
  });

  function cutSlowReader(socket: WebSocket, cursor: string): void {
    metrics.slowReaders.inc({ transport: 'websocket' });
    // The event that the cursor names may still be on its way through execution; that ends within this turn of the event loop.
    setImmediate(() => socket.close(SLOW_READER, `after=${cursor}`));
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    metrics.sockets.inc();
    const gone = new AbortController();
    setMaxListeners(MAX_OPERATIONS + 1, gone.signal);
    const stopPinging = keepAlive(socket);
    socket.on('error', (cause) => logger.debug({ err: cause }, 'a WebSocket failed'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolves once the frame has left: an operation gets its next event only then.
        send: (data) => new Promise((resolve) => (socket.readyState === socket.OPEN ? socket.send(data, () => resolve()) : resolve())),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) =>
          socket.on('message', (data) => {
            listener(String(data)).catch((cause: unknown) => {
              logger.error({ err: cause }, 'handling a WebSocket message failed');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { socket, visit: guard.gate.enter(socket, clientAddress(request, guard.trustedProxies)), gone: gone.signal },
    );
    socket.once('close', (code, reason) => {
      metrics.sockets.dec();
      stopPinging();
      gone.abort();
      void closed(code, String(reason));
    });
  });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path !== '/graphql') return refuse(stream, '404 Not Found');
    if (isDraining) return refuse(stream, '503 Service Unavailable');
    if (!isOriginAllowed(request.headers.origin, request.headers.host, allowedOrigins)) return refuse(stream, '403 Forbidden');
    if (!guard.gate.hasRoom(clientAddress(request, guard.trustedProxies)))
      return refuse(stream, '429 Too Many Requests', 'Retry-After: 5\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
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

async function prepare(endpoint: GraphqlEndpoint, payload: SubscribePayload, scope: RequestScope) {
  const { schema, parse, validate, execute, subscribe, contextFactory } = endpoint.getEnveloped({ ...scope, params: payload });
  try {
    const document = parse(payload.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors as GraphQLError[];
    return {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe } satisfies Enveloped,
    };
  } catch (cause) {
    if (cause instanceof GraphQLError) return [cause];
    throw cause;
  }
}

/** Pings every 12 s and ends a socket that has not answered by the next. */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

function refuse(stream: Duplex, status: string, headers = ''): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`);
}
