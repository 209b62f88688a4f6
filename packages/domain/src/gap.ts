import type { EpochMs, TimeRange } from './time.ts';

/** Why candles are missing. */
export const GAP_REASONS = [
  'BEFORE_LISTING',
  'DELISTED',
  'EXCHANGE_OUTAGE',
  'CONFIRMED_EMPTY',
  'SOURCE_INCOMPLETE',
  'FETCH_FAILED',
  'PENDING',
] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** How a gap was filled: by requests to the exchange or its stream, or by importing a file. */
export const GAP_RESOLUTIONS = ['FETCHED', 'IMPORTED'] as const;
export type GapResolution = (typeof GAP_RESOLUTIONS)[number];

/** A range of missing 1m open times. PENDING ones are still being repaired; the others are recorded as facts. */
export interface Gap extends TimeRange {
  readonly reason: GapReason;
  readonly firstSeenAt: EpochMs;
  readonly attempts: number;
  readonly lastAttemptAt: EpochMs;
  /** When every minute of it was stored at last. */
  readonly resolvedAt: EpochMs | null;
  readonly resolution: GapResolution | null;
}
