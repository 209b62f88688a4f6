import type { LatestTopic, LatestUpdate } from '@candlecast/domain';

/** An update of one topic. */
export type UpdateOf<T extends LatestTopic> = Extract<LatestUpdate, { topic: T }>;

/** The newest value of everything that travels without being stored. */
export interface LatestValues {
  /** The newest value under a key; undefined when none came since this process started. */
  find<T extends LatestTopic>(topic: T, key: UpdateOf<T>['key']): UpdateOf<T>['value'] | undefined;
  /** The keys of a topic that have a value. */
  keys<T extends LatestTopic>(topic: T): UpdateOf<T>['key'][];
  /** Calls `listener` with the key after each change of one of `keys` (any key when not given), until the returned function is called. */
  watch<T extends LatestTopic>(
    topic: T,
    keys: readonly UpdateOf<T>['key'][] | undefined,
    listener: (key: UpdateOf<T>['key']) => void,
  ): () => void;
}

/** Returns an empty cache and the function that feeds it. */
export function createLatestValues(): LatestValues & { accept(update: LatestUpdate): void } {
  const values = new Map<string, Map<string, unknown>>();
  const listeners = new Map<string, Set<(key: string) => void>>();
  const roomOf = (topic: string, key: string) => `${topic} ${key}`;
  return {
    // The map holds under a topic what `accept` put there, so the types of the update hold for what comes out.
    find: (topic, key) => values.get(topic)?.get(key) as never,
    keys: (topic) => [...(values.get(topic)?.keys() ?? [])] as never[],
    watch(topic, keys, listener) {
      const rooms = keys ? keys.map((key) => roomOf(topic, key)) : [roomOf(topic, '*')];
      const call = listener as (key: string) => void;
      for (const room of rooms) listeners.set(room, (listeners.get(room) ?? new Set()).add(call));
      return () => {
        for (const room of rooms) {
          listeners.get(room)?.delete(call);
          if (listeners.get(room)?.size === 0) listeners.delete(room);
        }
      };
    },
    accept({ topic, key, value }) {
      const ofTopic = values.get(topic) ?? new Map<string, unknown>();
      values.set(topic, ofTopic.set(key, value));
      for (const room of [roomOf(topic, key), roomOf(topic, '*')]) {
        for (const listener of [...(listeners.get(room) ?? [])]) listener(key);
      }
    },
  };
}
