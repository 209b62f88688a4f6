import type { EpochMs } from '@candlecast/domain';

/** Candles that are missing between two that are there; `before` and `after` are the open times of those. */
export interface Hole {
  readonly before: EpochMs;
  readonly after: EpochMs;
}

/** Returns the newest `most` holes of a series (sorted, unique, one candle every `lengthMs`), oldest first. */
export function findHoles(candles: readonly { readonly openTime: EpochMs }[], lengthMs: number, most: number): readonly Hole[] {
  const holes: Hole[] = [];
  for (let at = candles.length - 1; at > 0 && holes.length < most; at -= 1) {
    const [before, after] = [candles[at - 1]?.openTime, candles[at]?.openTime];
    if (before !== undefined && after !== undefined && after - before > lengthMs) holes.unshift({ before, after });
  }
  return holes;
}
