import { AppError, type EventLog, type LogEvent, type LogPosition, type LogTopic, toStreamCursor } from '@candlecast/domain';
import type { CatchUpTurns } from './catch-up-turns.ts';
import type { EventHub, RestartReason } from './event-hub.ts';
import type { Fanout } from './fanout.ts';
import { CONFLATE_BYTES, type HeartbeatClock } from './member.ts';
import type { Outlet } from './outlet.ts';
import { readLogAfter } from './read-log-after.ts';
import type { StreamHeartbeatEvent, StreamResetEvent } from './stream-events.ts';
import { createSubscriberQueue } from './subscriber-queue.ts';
import type { Topic } from './topic.ts';
import { watchTopics } from './watch-topics.ts';

/** Bounds of every subscription. */
export interface StreamLimits {
  /** Durable events that wait for a reader before it counts as behind. */
  readonly queueCapacity: number;
  /** How long a reader may stay behind, or take none of what it catches up with, before it is cut, in milliseconds. */
  readonly behindLimitMs: number;
  /** Silence after which a heartbeat is sent, in milliseconds. */
  readonly heartbeatMs: number;
  /** Unsent bytes of a connection above which a shared subscription counts as behind. */
  readonly unsentBytes: number;
}

/** What a resumable subscription is made of. */
export interface DurableStream<E> {
  readonly topics: readonly Topic<E>[];
  readonly logTopics: readonly LogTopic[];
  /** Arguments of the field that do not change how an event of a topic looks. */
  readonly personalArgs: readonly string[];
  readonly throttleMs: number;
  /** Where to go on; live from now when neither this nor `loadSnapshot` is given. */
  readonly after?: LogPosition | undefined;
  /** Reads the first events and the place in the log at which they are true. */
  readonly loadSnapshot?: (() => Promise<{ readonly events: readonly E[]; readonly position: LogPosition }>) | undefined;
  /** Turns a log entry into an event; undefined for what this subscription leaves out. Depends on nothing in `personalArgs`. */
  readonly toEvent: (event: LogEvent) => E | undefined | Promise<E | undefined>;
  readonly clock: HeartbeatClock;
  /** Where its events can leave once they are shared; absent on transports that execute for each. */
  readonly outlet?: Outlet | undefined;
  /** Ends the connection of a reader that stays behind. */
  cut(cursor: string): void;
}

/** What resumable subscriptions read from. */
export interface DurableSources {
  readonly log: EventLog;
  readonly hub: EventHub;
  readonly fanout: Fanout;
  readonly turns: CatchUpTurns;
  readonly limits: StreamLimits;
}

/**
 * Runs a resumable subscription: listens first, then sends the snapshot or what the log holds after the cursor, then a heartbeat
 * as the mark that it has caught up, then every durable event once and in order. Where its transport can, it hands over and ends once it has
 * caught up: from there it shares execution with all that ask the same, and begins anew when it no longer does. A reader that falls behind
 * is sent back to the log; one that stays behind is cut with the cursor of the last event it was given.
 */
export async function* streamDurable<E>(
  { log, hub, fanout, turns, limits }: DurableSources,
  stream: DurableStream<E>,
  signal: AbortSignal,
): AsyncGenerator<E | StreamHeartbeatEvent | StreamResetEvent, void, undefined> {
  const { topics, throttleMs, clock, outlet } = stream;
  const resumed = outlet?.resumed;
  if (resumed?.ending.kind === 'restart') return yield reset(resumed.ending.reason);
  const start = resumed?.reached ?? stream.after ?? hub.position();
  if (!start) throw new AppError('UPSTREAM_STALE', 'the event log cannot be read yet', { retryable: true });
  // To look into the log and execute for somebody who takes nothing would be at the cost of those who do.
  if (resumed && outlet && !(await isTaken(outlet, limits.behindLimitMs, signal))) {
    if (signal.aborted) return;
    stream.cut(toStreamCursor(start));
    // Not a plain end: that would tell the client, before its connection is closed, that there is nothing more to come.
    throw slowReader(start);
  }
  const selection = { topics: stream.logTopics, keys: topics.flatMap(({ logKeys }) => logKeys ?? []) };
  const shared = resumed?.ending.kind === 'unshared' ? undefined : outlet?.select(stream.personalArgs);
  let reached: LogPosition = start;
  let isLive = false;
  let isCut = false;
  let cutTimer: NodeJS.Timeout | undefined;

  const queue = createSubscriberQueue({ capacity: limits.queueCapacity, throttleMs, onBehind });
  const leave = hub.join(selection.keys, queue);
  const watched = shared ? undefined : watchTopics(topics, queue.mark);

  function onBehind(): void {
    if (isLive) cutTimer ??= setTimeout(cut, limits.behindLimitMs);
  }

  function finish(): void {
    clearTimeout(cutTimer);
    leave();
    watched?.stop();
    queue.close();
  }

  function cut(): void {
    if (isCut) return;
    isCut = true;
    finish();
    stream.cut(toStreamCursor(reached));
  }

  /** A reader that does not take even one event of its catch-up for so long has stopped reading. */
  async function* hand<T>(event: T): AsyncGenerator<T, void, undefined> {
    const stopped = setTimeout(cut, limits.behindLimitMs);
    try {
      yield event;
    } finally {
      clearTimeout(stopped);
    }
  }

  async function* fromLog(): AsyncGenerator<E, void, undefined> {
    for await (const event of readLogAfter(log, selection, reached, queue)) {
      const rest = turns.rest();
      if (rest) await rest;
      if (isCut || signal.aborted) return;
      const shown = await stream.toEvent(event);
      reached = { epoch: event.epoch, seq: event.seq };
      if (shown) yield* hand(shown);
    }
    clearTimeout(cutTimer);
    cutTimer = undefined;
  }

  async function heartbeat(): Promise<StreamHeartbeatEvent> {
    const at = await clock.now();
    if (queue.isDrained()) reached = newest(reached, hub.position());
    return { __typename: 'StreamHeartbeat', at, cursor: toStreamCursor(reached) };
  }

  signal.addEventListener('abort', finish, { once: true });
  try {
    if (resumed) {
      isLive = true;
      onBehind();
      yield* fromLog();
    } else {
      if (stream.after) yield* fromLog();
      else if (stream.loadSnapshot) {
        const snapshot = await stream.loadSnapshot();
        reached = snapshot.position;
        yield* snapshot.events;
      }
      if (!isCut) yield* hand(await heartbeat());
      isLive = true;
    }
    watched?.markAll();
    for (;;) {
      const handedOut = hub.position();
      if (shared && outlet && handedOut && queue.isDrained()) {
        if (handedOut.epoch !== reached.epoch) return yield reset('CURSOR_EPOCH_MISMATCH');
        // From the look at the queue to the end of joining nothing is handed out: what comes next is shared.
        const { toEvent } = stream;
        reached = newest(reached, handedOut);
        return outlet.handOver(fanout.join({ selection: shared, outlet, topics, throttleMs, reached, toEvent, clock }));
      }
      const taken = await queue.take(limits.heartbeatMs);
      if (isCut) throw slowReader(reached);
      if (taken.kind === 'closed') return;
      if (taken.kind === 'restart') return yield reset(taken.reason);
      if (taken.kind === 'behind') yield* fromLog();
      if (taken.kind === 'idle') yield await heartbeat();
      if (taken.kind === 'latest') {
        const update = watched?.findEvent(taken.key);
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

/** Waits for a client that has much still to take; tells whether it took all of it in time. */
async function isTaken(outlet: Outlet, limitMs: number, signal: AbortSignal): Promise<boolean> {
  if (outlet.unsentBytes() <= CONFLATE_BYTES) return true;
  let giveUp: () => void = () => undefined;
  const drained = new Promise<boolean>((resolve) => {
    giveUp = () => resolve(false);
    outlet.whenDrained(() => resolve(true));
  });
  const timer = setTimeout(giveUp, limitMs);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await drained;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Everything that has been handed out has been sent when nothing waits. */
function newest(reached: LogPosition, handedOut: LogPosition | undefined): LogPosition {
  return handedOut && handedOut.epoch === reached.epoch && handedOut.seq > reached.seq ? handedOut : reached;
}

function slowReader(reached: LogPosition): AppError {
  return new AppError('SLOW_READER', `the reader did not keep up; resume after ${toStreamCursor(reached)}`, { retryable: true });
}

function reset(code: RestartReason): StreamResetEvent {
  const what = code === 'CURSOR_EXPIRED' ? 'the log no longer holds what comes next' : 'the log has begun anew';
  return { __typename: 'StreamReset', code, message: `${what}: take a snapshot and go on from there` };
}
