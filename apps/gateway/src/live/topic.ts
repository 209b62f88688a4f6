import type { LatestTopic } from '@candlecast/domain';
import type { LatestValues, UpdateOf } from './latest-values.ts';

/** One thing that many follow, such as the candles of one symbol and interval. Whoever asks the same of it gets the same. */
export interface Topic<E> {
  /** Its name among the topics of its subscription field: two of one name are the same. */
  readonly name: string;
  /** Keys of the durable log that belong to it: every event once and in order. */
  readonly logKeys?: readonly string[];
  /** Values of which only the newest counts. */
  readonly latest?: NewestValues<E>;
  /** Events that add up and are not kept: whoever does not keep up misses some. Calls back until the returned function is called. */
  readonly flow?: (onEvent: (event: E) => void) => () => void;
}

/** The newest values of a topic, each under its key. */
export interface NewestValues<E, V = unknown> {
  /** The keys that may have a value now; others may come. */
  keys(): readonly string[];
  /** Calls back with the key after each change, until the returned function is called. */
  watch(onChange: (key: string) => void): () => void;
  /** The newest value, the same object until it changes; undefined while there is none. */
  find(key: string): V | undefined;
  /** The value as the subscription sends it. */
  toEvent(value: V): E;
}

/** Returns a topic for each key of latest-only values, sent as they are. */
export function toLatestTopics<T extends LatestTopic>(
  latest: LatestValues,
  topic: T,
  keys: readonly UpdateOf<T>['key'][],
): Topic<UpdateOf<T>['value']>[] {
  return keys.map((key) => ({
    name: key,
    latest: {
      keys: () => [key],
      watch: (onChange) => latest.watch<T>(topic, [key], onChange),
      find: () => latest.find<T>(topic, key),
      toEvent: (value) => value as UpdateOf<T>['value'],
    },
  }));
}

/** Returns the topic of all latest-only values of a kind, whatever their keys. */
export function toWholeTopic<T extends LatestTopic>(latest: LatestValues, topic: T): Topic<UpdateOf<T>['value']> {
  return {
    name: '*',
    latest: {
      keys: () => latest.keys<T>(topic),
      watch: (onChange) => latest.watch<T>(topic, undefined, onChange),
      find: (key) => latest.find<T>(topic, key as UpdateOf<T>['key']),
      toEvent: (value) => value as UpdateOf<T>['value'],
    },
  };
}
