import { setMaxListeners } from 'node:events';
import type { Clock, EpochMs } from '@candlecast/domain';
import type { Purpose } from '../exchange.ts';
import { stopped } from '../retry.ts';
import { ExchangeError, toExchangeError, unavailable } from './exchange-error.ts';
import type { RateBudget } from './rate-budget.ts';

/** A request to the exchange: path below the base address, query, what it costs and what it is for. */
export interface RestRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly weight: number;
  readonly purpose: Purpose;
}

/** A parsed answer, and when its request left and it was complete on this machine's clock (the wait for the budget excluded). */
export interface RestReply {
  readonly body: unknown;
  readonly sentAt: EpochMs;
  readonly receivedAt: EpochMs;
}

/** Sends requests within the budget. Each is tried once: whoever waits for the answer decides about another try. */
export interface RestClient {
  /** Rejects with an ExchangeError. */
  get(request: RestRequest): Promise<RestReply>;
}

/** What the client needs; `onUsed` hears the weight that the exchange says was used in this minute. */
export interface RestClientOptions {
  readonly baseUrl: string;
  readonly budget: RateBudget;
  readonly wall: Clock;
  /** Milliseconds of this machine's time after which a request without a complete answer is given up. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onUsed?: (weight: number) => void;
}

/** Returns a client of the REST interface at `baseUrl`. */
export function createRestClient(options: RestClientOptions): RestClient {
  const { baseUrl, budget, wall, signal } = options;

  // Every request listens to it while it is under way.
  setMaxListeners(0, signal);
  // Requests that wait for their turn would keep the service from ending.
  signal.addEventListener('abort', () => void budget.close(), { once: true });

  return {
    async get(request) {
      try {
        return await budget.run(request, () => send(request));
      } catch (cause) {
        throw signal.aborted ? stopped() : cause;
      }
    },
  };

  async function send(request: RestRequest): Promise<RestReply> {
    const sentAt = wall.now();
    const { status, headers, body } = await exchange(request);
    const used = headers.get('x-mbx-used-weight-1m');
    if (used !== null && /^\d{1,9}$/.test(used)) {
      budget.observeUsed(Number.parseInt(used, 10), sentAt);
      options.onUsed?.(Number.parseInt(used, 10));
    }
    if (status === 200) return { body: parse(body, request.path), sentAt, receivedAt: wall.now() };
    const failure = toExchangeError({ status, retryAfter: headers.get('retry-after'), body, path: request.path, now: wall.now() });
    if (failure.retryAfterMs !== undefined) budget.pause(failure.retryAfterMs);
    throw failure;
  }

  /** One deadline covers connecting, the head and the whole body: a server that stops in the middle must not hold a place for ever. */
  async function exchange(request: RestRequest): Promise<{ status: number; headers: Headers; body: string }> {
    const controller = new AbortController();
    const onStop = () => controller.abort(signal.reason);
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${options.timeoutMs} ms`)), options.timeoutMs);
    signal.addEventListener('abort', onStop, { once: true });
    try {
      const response = await fetch(toUrl(baseUrl, request), { signal: controller.signal });
      return { status: response.status, headers: response.headers, body: await response.text() };
    } catch (cause) {
      throw unavailable(`${request.path} at ${baseUrl}: ${reasonOf(cause)}`, cause);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    }
  }
}

function toUrl(baseUrl: string, { path, query = {} }: RestRequest): URL {
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function parse(body: string, path: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unavailable(`${path} answered with a body that is not JSON`, cause);
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof ExchangeError) return cause.message;
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
