import type { LatestTopic, LatestUpdate, LogEvent, LogPosition, LogTopic } from '../event.ts';

/** Reads the durable log. */
export interface EventLog {
  /** The newest committed position. */
  head(): Promise<LogPosition>;
  /** The oldest position that can still be resumed after; equals the head when the log is empty. */
  oldest(): Promise<LogPosition>;
  /** At most `limit` events after `position`, in order, of these topics and keys (all when not given). */
  read(query: { after: LogPosition; limit: number; topics?: readonly LogTopic[]; keys?: readonly string[] }): Promise<LogEvent[]>;
  /** Every event after `after`, then live ones as they are committed, in order, for ever; ends when `signal` aborts. */
  follow(after: LogPosition, signal: AbortSignal): AsyncIterable<LogEvent>;
}

/** Carries latest-only updates between processes. Nothing is stored; newer values replace older ones of the same (topic, key); trades add up to an update's bound, and what is left out is counted in it. */
export interface LatestChannel {
  /** Queues an update; never blocks and never grows beyond one value per (topic, key). */
  publish(update: LatestUpdate): void;
  /** Yields updates of these topics as they come, conflated per (topic, key) while the reader is busy; ends when `signal` aborts. */
  subscribe(topics: readonly LatestTopic[], signal: AbortSignal): AsyncIterable<LatestUpdate>;
  close(): Promise<void>;
}
