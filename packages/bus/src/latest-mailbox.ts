import { type LatestTopic, type LatestUpdate, mergeTrades } from '@candlecast/domain';
import { createBell } from './bell.ts';

/** The reading end of a subscription: keeps the newest value of each (topic, key), of `trades` the newest ones together, until it is read. Bounded by the number of keys. */
export interface LatestMailbox {
  put(update: LatestUpdate): void;
  read(signal: AbortSignal): AsyncIterable<LatestUpdate>;
}

const LOOK_AROUND_MS = 60_000;

/** Returns a mailbox for `topics`; updates of other topics are ignored. */
export function createLatestMailbox(topics: readonly LatestTopic[]): LatestMailbox {
  const waiting = new Map<string, LatestUpdate>();
  const bell = createBell();
  return {
    put(update) {
      if (!topics.includes(update.topic)) return;
      putLatest(waiting, update);
      bell.ring();
    },
    async *read(signal) {
      while (!signal.aborted) {
        for (const [key, update] of waiting) {
          if (signal.aborted) return;
          waiting.delete(key);
          yield update;
        }
        if (waiting.size === 0) await bell.wait(LOOK_AROUND_MS, signal);
      }
    },
  };
}

/** Returns what an update replaces: the earlier one of the same topic and key. */
export function latestKey(update: Pick<LatestUpdate, 'topic' | 'key'>): string {
  return `${update.topic} ${update.key}`;
}

/** Puts an update where it replaces the one of its key, or, of a topic whose values add up, joins it. */
export function putLatest(updates: Map<string, LatestUpdate>, update: LatestUpdate): void {
  const key = latestKey(update);
  const earlier = update.topic === 'trades' ? updates.get(key) : undefined;
  updates.set(key, earlier ? joinUpdates(earlier, update) : update);
}

/** Returns the one update that stands for two of the same key that follow each other. */
export function joinUpdates(earlier: LatestUpdate, later: LatestUpdate): LatestUpdate {
  if (earlier.topic !== 'trades' || later.topic !== 'trades') return later;
  return { ...later, value: mergeTrades(earlier.value, later.value) };
}
