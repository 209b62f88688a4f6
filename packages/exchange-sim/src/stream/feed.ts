import type { EpochMs } from '@candlecast/domain';
import type { ChannelSet } from './channel-set.ts';
import type { StreamName } from './stream-name.ts';

/** Plays some streams that belong together, in order of time. */
export interface Feed {
  readonly channels: ChannelSet;
  /** Sends everything that happened after the last call, up to `now`. */
  play(now: EpochMs): void;
}

/** Where feeds come from. */
export interface FeedSource {
  /** Returns the key of the feed that plays a stream; undefined when nothing is ever sent on it. */
  keyOf(name: StreamName): string | undefined;
  /** Opens the feed of a key: it plays what comes after `now`. */
  open(key: string, now: EpochMs): Feed;
}
