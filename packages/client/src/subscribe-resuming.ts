import type { ExecutionResult } from 'graphql-ws';
import type { Connection } from './connection.ts';
import { isAfter } from './cursor-order.ts';
import { type CandlecastError, toCandlecastError } from './errors.ts';

/** A subscription as it is sent. One whose document takes `$after` is resumed after its last durable event. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What happened to the stream between two events. */
export type StreamNotice =
  /** The line was cut; `events` durable events of the time in between, `sinceMs` milliseconds, have been delivered. */
  | { readonly kind: 'recovered'; readonly events: number; readonly sinceMs: number }
  /** What was missed cannot be caught up with: what comes now stands by itself, beginning with a snapshot if one was asked for. */
  | { readonly kind: 'reset'; readonly code: string };

/** Who listens. */
export interface ResumingSink {
  /** An event, or a notice that comes before the next event. */
  next(result: ExecutionResult): void;
  notice(notice: StreamNotice): void;
  error(error: CandlecastError): void;
  complete(): void;
}

/** A running subscription. */
export interface ResumingSubscription {
  stop(): void;
  /** Ends the flow for a while, so that a slow reader need not hold it all; `resume` goes on without loss. */
  pause(): void;
  resume(): void;
}

/** The parts of an event that resuming needs. */
interface StreamedEvent {
  readonly __typename?: string;
  readonly cursor?: string;
  readonly code?: string;
}

const RESET_CODES: ReadonlySet<string> = new Set(['CURSOR_EXPIRED', 'CURSOR_EPOCH_MISMATCH']);

/**
 * Subscribes for ever: after every loss of the socket it connects again and goes on after the last durable event that was delivered,
 * drops what comes twice, and tells what was recovered. Where the gateway cannot go on it starts anew and says `reset`.
 */
export function subscribeResuming(connection: Connection, request: SubscriptionRequest, sink: ResumingSink): ResumingSubscription {
  const canResume = /\$after\b/.test(request.query);
  const stopping = new AbortController();
  let flowing = new AbortController();
  let wake: (() => void) | undefined;
  let isReset = false;
  let refusal: CandlecastError | undefined;
  let cursor = typeof request.variables?.after === 'string' ? request.variables.after : undefined;
  let lost: { readonly sinceMs: number; readonly cursor: string | undefined; events: number } | undefined;

  function take(result: ExecutionResult): void {
    const event = eventOf(result);
    if (!event && result.errors && result.errors.length > 0) {
      refusal = toCandlecastError(result.errors); // the gateway completes it now
      return;
    }
    connection.backoff.succeed(); // not when the socket opens: a gateway that only accepts and drops must not be hammered
    if (event?.__typename === 'StreamReset') {
      startAnew(event.code ?? 'CURSOR_EPOCH_MISMATCH');
      return;
    }
    const isDurable =
      canResume && event?.cursor !== undefined && event.__typename !== 'CandleSnapshot' && event.__typename !== 'StreamHeartbeat';
    if (isDurable && cursor !== undefined && !isAfter(event.cursor ?? '', cursor)) return;
    if (isDurable && lost) lost.events += 1;
    if (!isDurable && event?.__typename !== 'CandleSnapshot') tellRecovery();
    // Not a snapshot's cursor: until the heartbeat that follows, snapshots of other instruments may be missing.
    if (canResume && event?.cursor !== undefined && event.__typename !== 'CandleSnapshot') cursor = event.cursor;
    sink.next(result);
  }

  function startAnew(code: string): void {
    isReset = true;
    cursor = undefined;
    lost = undefined;
    sink.notice({ kind: 'reset', code });
  }

  /** What follows the events that were missed is live: a heartbeat marks it. */
  function tellRecovery(): void {
    if (lost?.cursor !== undefined)
      sink.notice({ kind: 'recovered', events: lost.events, sinceMs: Math.round(performance.now() - lost.sinceMs) });
    lost = undefined;
  }

  function variables(): Record<string, unknown> {
    const { after: _, ...own } = request.variables ?? {};
    if (!canResume) return { ...request.variables };
    if (cursor === undefined) return own;
    return { ...own, ...('snapshot' in own ? { snapshot: 0 } : {}), after: cursor };
  }

  function untilResumed(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (flowing.signal.aborted) await untilResumed();
      if (stopping.signal.aborted) return;
      isReset = false;
      refusal = undefined;
      const payload = { query: request.query, operationName: request.operationName, variables: variables() };
      const ending = await connection.run(payload, take, flowing.signal);
      if (ending.kind === 'stopped') continue;
      const error = ending.kind === 'failed' ? ending.error : (refusal as CandlecastError | undefined);
      if (error && RESET_CODES.has(error.code) && cursor !== undefined) startAnew(error.code);
      if (isReset) continue;
      if (error && !error.retryable) return sink.error(error);
      if (!error && ending.kind === 'complete') return sink.complete();
      lost ??= { sinceMs: performance.now(), cursor, events: 0 };
      await connection.backoff.wait(stopping.signal);
    }
  }

  void run();
  return {
    stop() {
      stopping.abort();
      flowing.abort();
      wake?.();
    },
    pause: () => flowing.abort(),
    resume() {
      if (stopping.signal.aborted || !flowing.signal.aborted) return;
      flowing = new AbortController();
      wake?.();
    },
  };
}

function eventOf(result: ExecutionResult): StreamedEvent | undefined {
  const [event] = Object.values(result.data ?? {});
  return typeof event === 'object' && event !== null ? (event as StreamedEvent) : undefined;
}
