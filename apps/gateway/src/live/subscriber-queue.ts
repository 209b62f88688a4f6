import type { LogEvent } from '@candlecast/domain';
import type { HubListener, RestartReason } from './event-hub.ts';

/** What a subscription finds in its queue. */
export type Taken =
  | { readonly kind: 'event'; readonly event: LogEvent }
  /** The newest value under this key has changed. */
  | { readonly kind: 'latest'; readonly key: string }
  /** Nothing came for the time asked. */
  | { readonly kind: 'idle' }
  /** The queue was full and was emptied: what was missed is in the log. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'restart'; readonly reason: RestartReason }
  | { readonly kind: 'closed' };

/**
 * The queue of one subscription. Durable events are kept in order up to `capacity`; beyond that the queue empties itself, says
 * `behind`, and the subscription reads the log instead. Of latest-only values it keeps the changed keys, each at most
 * once per `throttleMs`, so it never holds more than one entry a key.
 */
export interface SubscriberQueue extends HubListener {
  /** Says that the newest value under `key` has changed. */
  mark(key: string): void;
  /** Takes the next thing, durable events first; waits at most `idleMs`. One taker at a time. */
  take(idleMs: number): Promise<Taken>;
  /** Forgets what is queued and is no longer behind: the log will be read from here. */
  rewind(): void;
  isBehind(): boolean;
  /** Whether every event that was accepted has been taken. */
  isDrained(): boolean;
  /** Ends it: the taker gets `closed`, now and ever after. */
  close(): void;
}

/** Bounds of a queue. */
export interface QueueOptions {
  readonly capacity: number;
  readonly throttleMs: number;
  /** Called once each time the queue falls behind. */
  readonly onBehind?: () => void;
}

/** Returns an empty queue. */
export function createSubscriberQueue({ capacity, throttleMs, onBehind }: QueueOptions): SubscriberQueue {
  let events: LogEvent[] = [];
  let next = 0;
  let state: 'open' | 'behind' | 'restart' | 'closed' = 'open';
  let restartReason: RestartReason = 'CURSOR_EPOCH_MISMATCH';
  const changed = new Set<string>();
  const lastTakenAt = new Map<string, number>();
  let wake: (() => void) | undefined;

  function takeNow(): Taken | undefined {
    if (state === 'restart') return { kind: state, reason: restartReason };
    if (state === 'closed' || state === 'behind') return { kind: state };
    const event = events[next];
    if (event) {
      next += 1;
      if (next === events.length || next >= capacity) {
        events = events.slice(next);
        next = 0;
      }
      return { kind: 'event', event };
    }
    const now = performance.now();
    for (const key of changed) {
      if (now < dueAt(key)) continue;
      changed.delete(key);
      lastTakenAt.set(key, now);
      return { kind: 'latest', key };
    }
    return undefined;
  }

  function dueAt(key: string): number {
    return (lastTakenAt.get(key) ?? Number.NEGATIVE_INFINITY) + throttleMs;
  }

  function empty(): void {
    events = [];
    next = 0;
  }

  return {
    accept(event) {
      if (state !== 'open') return;
      if (events.length - next < capacity) {
        events.push(event);
        return wake?.();
      }
      empty();
      state = 'behind';
      onBehind?.();
      wake?.();
    },
    restart(reason) {
      if (state !== 'closed') state = 'restart';
      restartReason = reason;
      empty();
      wake?.();
    },
    mark(key) {
      changed.add(key);
      wake?.();
    },
    rewind() {
      empty();
      if (state === 'behind') state = 'open';
    },
    isBehind: () => state === 'behind',
    isDrained: () => state === 'open' && next === events.length,
    close() {
      state = 'closed';
      empty();
      changed.clear();
      wake?.();
    },
    async take(idleMs) {
      const idleAt = performance.now() + idleMs;
      for (;;) {
        const taken = takeNow();
        if (taken) return taken;
        const now = performance.now();
        if (now >= idleAt) return { kind: 'idle' };
        const wakeAt = Math.min(idleAt, ...[...changed].map(dueAt));
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, wakeAt - now));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
    },
  };
}
