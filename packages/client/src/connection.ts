import { type Client, createClient, type ExecutionResult, type SubscribePayload } from 'graphql-ws';
import { type Backoff, createBackoff } from './backoff.ts';
import { CandlecastError, type ErrorCode, type GraphqlErrorShape, toCandlecastError } from './errors.ts';

/** Whether the socket is there. It is opened with the first subscription. */
export type ConnectionStatus = 'connecting' | 'connected' | 'reconnecting';

/** How one attempt at a subscription ended. */
export type Ending =
  /** The gateway has nothing more to say. */
  | { readonly kind: 'complete' }
  /** The socket is gone; another attempt may work. */
  | { readonly kind: 'lost' }
  /** The gateway refused, or the socket was closed for good. */
  | { readonly kind: 'failed'; readonly error: CandlecastError }
  /** We stopped it. */
  | { readonly kind: 'stopped' };

/** One socket for all subscriptions. */
export interface Connection {
  /** Runs a subscription over the socket until it ends or `signal` aborts; never rejects and never tries again by itself. */
  run(payload: SubscribePayload, onNext: (result: ExecutionResult) => void, signal: AbortSignal): Promise<Ending>;
  readonly backoff: Backoff;
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  close(): Promise<void>;
}

/** Where and how to connect. */
export interface ConnectionOptions {
  readonly wsUrl: string;
  readonly webSocketImpl: unknown;
  /** Asked for every socket. */
  connectionParams(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Whether those of the next socket may be other ones, so that a refusal of these is not the last word. */
  readonly canRenew: boolean;
  readonly random: () => number;
}

const RECONNECT_CAP_MS = 10_000;
const ACK_TIMEOUT_MS = 5_000;
const PING_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;
const LINGER_MS = 1_000;
/** Close codes after which the same request would only be refused again, and the error that each amounts to. */
const FINAL_CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [4400, 'BAD_USER_INPUT'],
  [4401, 'UNAUTHENTICATED'],
  [4403, 'FORBIDDEN'],
  [4406, 'BAD_USER_INPUT'],
  [4409, 'BAD_USER_INPUT'],
  [4429, 'RATE_LIMITED'],
]);
/** Fresh credentials that are refused so often in a row are not what the gateway wants. */
const MOST_REFUSALS = 3;
/** Credentials were refused, or those of a socket that worked have run out: then new ones may be had. */
const FORBIDDEN = 4403;

/** Returns a connection that opens its socket when it is first used. A socket without answers for fifteen seconds is given up. */
export function createConnection(options: ConnectionOptions): Connection {
  const listeners = new Set<(status: ConnectionStatus) => void>();
  const backoff = createBackoff(RECONNECT_CAP_MS, options.random);
  let status: ConnectionStatus = 'connecting';
  let running = 0;
  let isAcknowledged = false;
  let refusals = 0;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  function setStatus(next: ConnectionStatus): void {
    if (status === next) return;
    status = next;
    for (const listener of [...listeners]) listener(next);
  }

  let client: Client | undefined;

  /** Not before it is used: queries alone need no WebSocket. */
  function open(): Client {
    client ??= createClient({
      url: options.wsUrl,
      ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
      connectionParams: async () => ({ ...(await options.connectionParams()) }),
      retryAttempts: 0, // a subscription that goes on must say from where: see subscribe-resuming.ts
      connectionAckWaitTimeout: ACK_TIMEOUT_MS,
      keepAlive: PING_MS,
      lazyCloseTimeout: LINGER_MS,
      on: {
        connecting() {
          isAcknowledged = false;
        },
        connected() {
          isAcknowledged = true;
          refusals = 0;
          setStatus('connected');
        },
        closed(event) {
          clearTimeout(pongTimer);
          if (isCloseEvent(event) && event.code === FORBIDDEN && !isAcknowledged) refusals += 1;
          if (running > 0 && status === 'connected') setStatus('reconnecting');
        },
        ping(received) {
          if (!received) pongTimer = setTimeout(() => client?.terminate(), PONG_TIMEOUT_MS);
        },
        pong(received) {
          if (received) clearTimeout(pongTimer);
        },
      },
    });
    return client;
  }

  return {
    backoff,
    async run(payload, onNext, signal) {
      if (signal.aborted) return { kind: 'stopped' };
      running += 1;
      let stop: (() => void) | undefined;
      try {
        return await new Promise<Ending>((resolve) => {
          const unsubscribe = open().subscribe(payload, {
            next: (result) => onNext(result as ExecutionResult),
            error: (cause) => resolve(toEnding(cause, isAcknowledged || (options.canRenew && refusals < MOST_REFUSALS))),
            complete: () => resolve({ kind: 'complete' }),
          });
          stop = () => {
            resolve({ kind: 'stopped' });
            unsubscribe();
          };
          signal.addEventListener('abort', stop, { once: true });
        });
      } catch (cause) {
        return { kind: 'failed', error: new CandlecastError('WEBSOCKET_MISSING', String(cause), { cause }) };
      } finally {
        running -= 1;
        if (stop) signal.removeEventListener('abort', stop);
      }
    },
    onStatus(listener) {
      listeners.add(listener);
      listener(status);
      return () => listeners.delete(listener);
    },
    async close() {
      clearTimeout(pongTimer);
      // Rejects when the socket being opened fails: then there is none to close.
      await Promise.resolve(client?.dispose()).catch(() => undefined);
    },
  };
}

function toEnding(cause: unknown, mayRenew: boolean): Ending {
  if (Array.isArray(cause)) return { kind: 'failed', error: toCandlecastError(cause as GraphqlErrorShape[]) };
  const code = isCloseEvent(cause) ? FINAL_CODES.get(cause.code) : undefined;
  if (!isCloseEvent(cause) || code === undefined || (cause.code === FORBIDDEN && mayRenew)) return { kind: 'lost' };
  return { kind: 'failed', error: new CandlecastError(code, `the gateway closed the socket: ${cause.code} ${cause.reason}`, { cause }) };
}

function isCloseEvent(value: unknown): value is { readonly code: number; readonly reason: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number' && 'reason' in value;
}
