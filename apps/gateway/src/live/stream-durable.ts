import { AppError, type EpochMs, type EventLog, type LogEvent, type LogPosition, toStreamCursor } from '@candlecast/domain';
import type { EventHub, RestartReason } from './event-hub.ts';
import { type LogSelection, readLogAfter } from './read-log-after.ts';
import type { StreamHeartbeatEvent, StreamResetEvent } from './stream-events.ts';
import { createSubscriberQueue } from './subscriber-queue.ts';

/** Bounds of every subscription. */
export interface StreamLimits {
  /** Durable events that wait for a reader before it counts as behind. */
  readonly queueCapacity: number;
  /** How long a reader may stay behind before it is cut, in milliseconds. */
  readonly behindLimitMs: number;
  /** Silence after which a heartbeat is sent, in milliseconds. */
  readonly heartbeatMs: number;
}

/** What a resumable subscription is made of. */
export interface DurableStream<E> {
  readonly selection: LogSelection;
  /** Where to go on; live from now when neither this nor `loadSnapshot` is given. */
  readonly after?: LogPosition;
  /** Reads the first events and the place in the log at which they are true. */
  readonly loadSnapshot?: () => Promise<{ readonly events: readonly E[]; readonly position: LogPosition }>;
  /** Turns a log entry into an event; undefined for what this subscription leaves out. */
  toEvent(event: LogEvent): E | undefined | Promise<E | undefined>;
  /** Latest-only values beside the durable events: `watch` reports changed keys, `toUpdate` gives the newest value. */
  readonly updates?: {
    readonly throttleMs: number;
    readonly keys: readonly string[];
    watch(onChange: (key: string) => void): () => void;
    toUpdate(key: string): E | undefined;
  };
  now(): Promise<EpochMs>;
  /** Ends the connection of a reader that stays behind. */
  cut(cursor: string): void;
}

/**
 * Runs a resumable subscription: listens first, then sends the snapshot or what the log holds after the cursor, then a heartbeat
 * as the mark that it has caught up, then every durable event once and in order. A reader that falls behind is sent back
 * to the log; one that stays behind is cut with the cursor of the last event it was given.
 */
export async function* streamDurable<E>(
  { log, hub, limits }: { readonly log: EventLog; readonly hub: EventHub; readonly limits: StreamLimits },
  stream: DurableStream<E>,
  signal: AbortSignal,
): AsyncGenerator<E | StreamHeartbeatEvent | StreamResetEvent, void, undefined> {
  const start = stream.after ?? hub.position();
  if (!start) throw new AppError('UPSTREAM_STALE', 'the event log cannot be read yet', { retryable: true });
  let reached: LogPosition = start;
  let isLive = false;
  let isCut = false;
  let cutTimer: NodeJS.Timeout | undefined;

  const queue = createSubscriberQueue({
    capacity: limits.queueCapacity,
    throttleMs: stream.updates?.throttleMs ?? 0,
    onBehind: () => {
      if (isLive) cutTimer ??= setTimeout(cut, limits.behindLimitMs);
    },
  });
  const leave = hub.join(stream.selection.keys, queue);
  const unwatch = stream.updates?.watch(queue.mark);

  function finish(): void {
    clearTimeout(cutTimer);
    leave();
    unwatch?.();
    queue.close();
  }

  function cut(): void {
    isCut = true;
    finish();
    stream.cut(toStreamCursor(reached));
  }

  async function* fromLog(): AsyncGenerator<E, void, undefined> {
    for await (const event of readLogAfter(log, stream.selection, reached, queue)) {
      if (isCut || signal.aborted) return;
      const shown = await stream.toEvent(event);
      reached = { epoch: event.epoch, seq: event.seq };
      if (shown) yield shown;
    }
    clearTimeout(cutTimer);
    cutTimer = undefined;
  }

  async function heartbeat(): Promise<StreamHeartbeatEvent> {
    const at = await stream.now();
    const handedOut = hub.position();
    if (queue.isDrained() && handedOut && handedOut.epoch === reached.epoch && handedOut.seq > reached.seq) reached = handedOut;
    return { __typename: 'StreamHeartbeat', at, cursor: toStreamCursor(reached) };
  }

  signal.addEventListener('abort', finish, { once: true });
  try {
    if (stream.after) {
      yield* fromLog();
    } else if (stream.loadSnapshot) {
      const snapshot = await stream.loadSnapshot();
      reached = snapshot.position;
      yield* snapshot.events;
    }
    yield await heartbeat();
    isLive = true;
    for (const key of stream.updates?.keys ?? []) queue.mark(key);
    for (;;) {
      const taken = await queue.take(limits.heartbeatMs);
      if (isCut) throw slowReader(reached);
      if (taken.kind === 'closed') return;
      if (taken.kind === 'restart') return yield reset(taken.reason);
      if (taken.kind === 'behind') yield* fromLog();
      if (taken.kind === 'idle') yield await heartbeat();
      if (taken.kind === 'latest') {
        const update = stream.updates?.toUpdate(taken.key);
        if (update) yield update;
      }
      if (taken.kind === 'event' && taken.event.seq > reached.seq) {
        const shown = await stream.toEvent(taken.event);
        reached = { epoch: taken.event.epoch, seq: taken.event.seq };
        if (shown) yield shown;
      }
    }
  } finally {
    signal.removeEventListener('abort', finish);
    finish();
  }
}

function slowReader(reached: LogPosition): AppError {
  return new AppError('SLOW_READER', `the reader did not keep up; resume after ${toStreamCursor(reached)}`, { retryable: true });
}

function reset(code: RestartReason): StreamResetEvent {
  const what = code === 'CURSOR_EXPIRED' ? 'the log no longer holds what comes next' : 'the log has begun anew';
  return { __typename: 'StreamReset', code, message: `${what}: take a snapshot and go on from there` };
}
