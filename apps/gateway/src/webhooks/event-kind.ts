import type { EpochMs, LatestTopic, LatestUpdate, LogEvent, LogTopic, Webhook } from '@candlecast/domain';

/** What webhooks can be told, as one kind of event. A new kind is a file in `kinds/` and its line in `event-kinds.ts`. */
export type EventKind = LogEventKind | LatestEventKind;

/** What of a webhook says what it is told. */
export type Wishes = Pick<Webhook, 'owners' | 'symbols' | 'intervals'>;

interface Named {
  /** As bodies name it, such as "candle.closed". */
  readonly name: string;
  /** What it tells, for the schema. */
  readonly description: string;
}

/** A kind that comes from the durable log: every event is delivered. */
export interface LogEventKind extends Named {
  readonly from: 'log';
  readonly topic: LogTopic;
  /** The keys of the log that a webhook wants; undefined for all. */
  keysOf(webhook: Wishes): readonly string[] | undefined;
  /** Whether this event is for the webhook. */
  isFor(webhook: Wishes, event: LogEvent): boolean;
  /** The body's `data`. */
  toData(event: LogEvent): object;
}

/** A kind that comes from a newest value: what it is when it is looked at is delivered if it is not what was told last. */
export interface LatestEventKind extends Named {
  readonly from: 'latest';
  readonly topic: LatestTopic;
  /** What of the value counts as a change, as text. */
  toState(value: LatestUpdate['value']): string;
  /** When it came to be, on the venue's clock. */
  toTime(value: LatestUpdate['value']): EpochMs;
  isFor(webhook: Wishes, key: string): boolean;
  toData(value: LatestUpdate['value']): object;
}
