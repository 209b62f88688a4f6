import type { Topic } from './topic.ts';

/** The newest values of several topics, for one subscription that is executed by itself. */
export interface WatchedTopics<E> {
  /** Reports every key that has a value as changed. */
  markAll(): void;
  /** The newest value under a key that was reported, as the subscription sends it. */
  findEvent(mark: string): E | undefined;
  stop(): void;
}

/** Reports changed values of `topics` to `mark`, under names that tell the topics' keys apart. */
export function watchTopics<E>(topics: readonly Topic<E>[], mark: (mark: string) => void): WatchedTopics<E> {
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  const toMark = (topic: Topic<E>, key: string) => `${topic.name} ${key}`;
  const stops = topics.map((topic) => topic.latest?.watch((key) => mark(toMark(topic, key))));
  return {
    markAll() {
      for (const topic of topics) {
        for (const key of topic.latest?.keys() ?? []) mark(toMark(topic, key));
      }
    },
    findEvent(marked) {
      const [name = '', key = ''] = marked.split(' ');
      const latest = byName.get(name)?.latest;
      const value = latest?.find(key);
      return value === undefined ? undefined : latest?.toEvent(value);
    },
    stop() {
      for (const stop of stops) stop?.();
    },
  };
}
