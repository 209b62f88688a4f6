import type { ExecutionResult } from 'graphql-ws';
import type { Connection } from './connection.ts';
import { toCandlecastError } from './errors.ts';
import { createStreamQueue } from './stream-queue.ts';
import { type StreamNotice, type SubscriptionRequest, subscribeResuming } from './subscribe-resuming.ts';

/** How results of a subscription become events of a stream. */
export interface StreamShape<Event> {
  toEvent(data: unknown): Event;
  /** Leaves notices out when absent. */
  readonly toNotice?: (notice: StreamNotice) => Event;
  /** Names what a latest-only event is the newest of; undefined for events that must all be read. */
  latestKey?(event: Event): string | undefined;
}

/** Durable events that may wait for a slow reader; then the gateway is asked to wait instead. */
const CAPACITY = 10_000;

/**
 * Opens a subscription as an async iterable that goes on over every loss of the socket. It ends when `signal` aborts or the reader
 * leaves the loop, and throws a CandlecastError that trying again would not mend. Nothing is sent before the first `next()`.
 */
export function openStream<Event>(
  connection: Connection,
  request: SubscriptionRequest,
  shape: StreamShape<Event>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, void, undefined> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const events = readEvents(connection, request, shape, leaving.signal);
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave, { once: true });
  leaving.signal.addEventListener('abort', () => signal?.removeEventListener('abort', leave), { once: true });
  return {
    next: () => events.next(),
    // The `return` of a bare generator would wait for the next event.
    return() {
      leave();
      return events.return();
    },
    throw(cause) {
      leave();
      return Promise.reject(cause);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* readEvents<Event>(
  connection: Connection,
  request: SubscriptionRequest,
  shape: StreamShape<Event>,
  left: AbortSignal,
): AsyncGenerator<Event, void, undefined> {
  if (left.aborted) return;
  const queue = createStreamQueue<Event>(
    CAPACITY,
    () => subscription.pause(),
    () => subscription.resume(),
  );
  const subscription = subscribeResuming(connection, request, {
    next(result: ExecutionResult) {
      if (result.errors && result.errors.length > 0) return queue.end(toCandlecastError(result.errors));
      const event = shape.toEvent(result.data);
      queue.push(event, shape.latestKey?.(event));
    },
    notice(notice) {
      if (shape.toNotice) queue.push(shape.toNotice(notice));
    },
    error: (error) => queue.end(error),
    complete: () => queue.end(),
  });
  left.addEventListener('abort', queue.drop, { once: true });
  try {
    yield* queue.read();
  } finally {
    subscription.stop();
  }
}
