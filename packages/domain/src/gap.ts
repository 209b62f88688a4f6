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

/** A range of missing 1m open times. PENDING ones are still being repaired; the others are recorded as facts. */
export interface Gap extends TimeRange {
  readonly reason: GapReason;
  readonly firstSeenAt: EpochMs;
  readonly attempts: number;
  readonly resolvedAt: EpochMs | null;
}
