import { floorToStep } from './interval.ts';
import type { EpochMs, TimeRange } from './time.ts';

/**
 * Returns the ranges of missing open times in `wanted`, oldest first, each maximal. `present` are open times sorted upwards;
 * those off the `stepMs` grid count for the bucket that contains them. `excused` are ranges that need no candle (recorded gaps).
 */
export function planGaps(present: readonly EpochMs[], wanted: TimeRange, stepMs: number, excused: readonly TimeRange[] = []): TimeRange[] {
  const gaps: TimeRange[] = [];
  let next = ceilToStep(wanted.from, stepMs);
  const end = ceilToStep(wanted.to, stepMs);
  for (const time of present) {
    const bucket = floorToStep(time, stepMs);
    if (bucket < next) continue;
    if (bucket >= end) break;
    if (bucket > next) gaps.push({ from: next, to: bucket });
    next = (bucket + stepMs) as EpochMs;
  }
  if (next < end) gaps.push({ from: next, to: end });
  return excused.reduce((left, hole) => left.flatMap((gap) => subtractRange(gap, hole)), gaps);
}

/** Cuts a range into pieces of at most `size` steps; the newest piece comes first when `newestFirst`. */
export function splitRange(range: TimeRange, stepMs: number, size: number, newestFirst = false): TimeRange[] {
  const pieces: TimeRange[] = [];
  for (let from = range.from; from < range.to; from = (from + stepMs * size) as EpochMs) {
    pieces.push({ from, to: Math.min(from + stepMs * size, range.to) as EpochMs });
  }
  return newestFirst ? pieces.reverse() : pieces;
}

/** Returns what is left of `range` without `hole`: none, one or two ranges. */
export function subtractRange(range: TimeRange, hole: TimeRange): TimeRange[] {
  if (hole.to <= range.from || hole.from >= range.to) return [range];
  const left: TimeRange[] = [];
  if (range.from < hole.from) left.push({ from: range.from, to: hole.from });
  if (hole.to < range.to) left.push({ from: hole.to, to: range.to });
  return left;
}

function ceilToStep(time: EpochMs, stepMs: number): EpochMs {
  const floor = floorToStep(time, stepMs);
  return floor === time ? floor : ((floor + stepMs) as EpochMs);
}
