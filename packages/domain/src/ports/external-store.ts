import type { ExternalPoint } from '../external.ts';
import type { EpochMs, TimeRange } from '../time.ts';

/** Asks for one page of a series with `eventTime` in `range`. */
export interface ExternalQuery {
  readonly key: string;
  readonly range: TimeRange;
  /** Of each event time the newest version that was known by then. */
  readonly knownAt: EpochMs;
  readonly limit: number;
  /** Which end of the range to take when it holds more than `limit`; the result is oldest first all the same. */
  readonly take: 'oldest' | 'newest';
}

/** Asks for what a chart of `range` can be made of. */
export interface ExternalVersionQuery {
  readonly key: string;
  readonly range: TimeRange;
  /** Nothing that became known later. */
  readonly knownBy: EpochMs;
  readonly limit: number;
}

/** Writes series from outside (ingest owns them). */
export interface ExternalWriter {
  /** Stores points; those that are there already stay, a revision is a point of the same event time known later. Returns how many are new. */
  storePoints(points: readonly ExternalPoint[]): Promise<number>;
}

/** Reads series from outside. */
export interface ExternalReader {
  /** Oldest first, one version an event time; none of an unknown key. */
  findPoints(query: ExternalQuery): Promise<ExternalPoint[]>;
  /**
   * Every version of the points about `range`, of the last one before that was known when it began, and of the first one after it: by event
   * time, then by when it was known.
   */
  findVersions(query: ExternalVersionQuery): Promise<ExternalPoint[]>;
  /** Whether anything is stored under the key. */
  hasSeries(key: string): Promise<boolean>;
}
