import { floorToStep, type Interval, intervalMs } from './interval.ts';
import type { EpochMs, TimeRange } from './time.ts';

/** How many bars a chunk of history has, whatever the interval: 8 hours of 1m, 20 days of 1h, 480 days of 1d. */
export const BARS_A_CHUNK = 480;

/** Returns the length of a chunk in milliseconds. The chunk of every interval is a whole number of those of 1m, aligned to them. */
export function chunkMs(interval: Interval): number {
  return BARS_A_CHUNK * intervalMs(interval);
}

/** Returns the start of the chunk that contains `time`. Chunks are counted from Monday 2000-01-03 UTC, as buckets are. */
export function floorToChunk(time: EpochMs, interval: Interval): EpochMs {
  return floorToStep(time, chunkMs(interval));
}

/** Tells whether a range is exactly one chunk. */
export function isChunk({ from, to }: TimeRange, interval: Interval): boolean {
  return floorToChunk(from, interval) === from && to - from === chunkMs(interval);
}
