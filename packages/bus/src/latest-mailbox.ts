import type { LatestTopic, LatestUpdate } from '@candlecast/domain';
import { createBell } from './bell.ts';

/** The reading end of a subscription: keeps the newest value of each (topic, key) until it is read. Bounded by the number of keys. */
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
      waiting.set(latestKey(update), update);
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
