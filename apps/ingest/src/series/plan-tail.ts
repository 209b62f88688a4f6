import { type EpochMs, MINUTE_MS, planGaps, type TimeRange } from '@candlecast/domain';

/**
 * Returns the open time at which a stored series goes on: the first minute in `[from, to)` that is neither stored nor excused by a
 * recorded gap, or `to` when nothing is missing. `present` are the stored open times, oldest first.
 */
export function planTail(present: readonly EpochMs[], from: EpochMs, to: EpochMs, excused: readonly TimeRange[]): EpochMs {
  return planGaps(present, { from, to }, MINUTE_MS, excused)[0]?.from ?? (Math.max(from, to) as EpochMs);
}
