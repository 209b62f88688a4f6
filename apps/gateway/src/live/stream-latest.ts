import type { StreamLimits } from './stream-durable.ts';
import type { StreamReader } from './streams.ts';
import { createSubscriberQueue } from './subscriber-queue.ts';
import { toSubscription } from './to-subscription.ts';

/** A subscription to newest values only: what a reader does not take in time is replaced by what came after it. */
export interface LatestStreamRequest<T> {
  readonly throttleMs: number;
  /** Keys whose present value is sent first. */
  readonly keys: readonly string[];
  watch(onChange: (key: string) => void): () => void;
  /** The newest value under `key`; undefined while there is none. */
  find(key: string): T | undefined;
}

/** Opens it: the present values first, then each key's newest value, at most once per `throttleMs`. Never falls behind. */
export function openLatestStream<T>(limits: StreamLimits, request: LatestStreamRequest<T>, reader: StreamReader): AsyncGenerator<T> {
  return toSubscription(reader.signal, async function* run(signal) {
    const queue = createSubscriberQueue({ capacity: 0, throttleMs: request.throttleMs });
    const unwatch = request.watch(queue.mark);
    signal.addEventListener('abort', queue.close, { once: true });
    try {
      for (const key of request.keys) queue.mark(key);
      for (;;) {
        const taken = await queue.take(limits.heartbeatMs);
        if (taken.kind === 'closed') return;
        const value = taken.kind === 'latest' ? request.find(taken.key) : undefined;
        if (value !== undefined) yield value;
      }
    } finally {
      unwatch();
      queue.close();
    }
  });
}
