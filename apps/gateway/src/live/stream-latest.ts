import type { Fanout } from './fanout.ts';
import type { FanoutCounts } from './room.ts';
import type { StreamLimits } from './stream-durable.ts';
import type { StreamReader } from './streams.ts';
import { createSubscriberQueue } from './subscriber-queue.ts';
import { toSubscription } from './to-subscription.ts';
import type { Topic } from './topic.ts';
import { watchTopics } from './watch-topics.ts';

/** A subscription without durable events: what a reader does not take in time is replaced by what came after it, or left out. */
export interface LatestStreamRequest<T> {
  readonly topics: readonly Topic<T>[];
  readonly throttleMs: number;
  /** Arguments of the field that do not change how a value of a topic looks. */
  readonly personalArgs: readonly string[];
}

/** What such subscriptions are made from. */
export interface LatestSources {
  readonly fanout: Fanout;
  readonly counts: FanoutCounts;
  readonly limits: StreamLimits;
}

/** Events that add up and wait for one reader; more are left out. */
const FLOW_CAPACITY = 1_000;

/**
 * Opens it: the present values first, then each key's newest value, at most once per `throttleMs`, and everything that flows. Never falls
 * behind. Executed once for all that ask the same, where the reader's transport can.
 */
export function openLatestStream<T>(
  sources: LatestSources,
  request: LatestStreamRequest<T>,
  reader: StreamReader,
): AsyncGenerator<T, void, undefined> {
  const { topics, throttleMs, personalArgs } = request;
  return toSubscription<T>(reader.signal, async function* run(signal) {
    const { outlet } = reader;
    const selection = outlet?.resumed ? undefined : outlet?.select(personalArgs);
    if (outlet && selection) return outlet.handOver(sources.fanout.join({ selection, outlet, topics, throttleMs }));
    yield* runAlone(request, sources, signal);
  });
}

async function* runAlone<T>(
  { topics, throttleMs }: LatestStreamRequest<T>,
  { limits, counts }: LatestSources,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const queue = createSubscriberQueue({ capacity: 0, throttleMs });
  const watched = watchTopics(topics, queue.mark);
  let flowing: T[] = [];
  const stops = topics.map((topic) =>
    topic.flow?.((event) => {
      if (flowing.length >= FLOW_CAPACITY) counts.dropped(1);
      else flowing.push(event);
      queue.mark('');
    }),
  );
  signal.addEventListener('abort', queue.close, { once: true });
  if (signal.aborted) queue.close();
  try {
    watched.markAll();
    for (;;) {
      const taken = await queue.take(limits.heartbeatMs);
      if (taken.kind === 'closed') return;
      const value = taken.kind === 'latest' ? watched.findEvent(taken.key) : undefined;
      if (value !== undefined) yield value;
      const flowed = flowing;
      flowing = [];
      yield* flowed;
    }
  } finally {
    for (const stop of stops) stop?.();
    watched.stop();
    queue.close();
  }
}
