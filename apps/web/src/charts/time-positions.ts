import type { EpochMs } from '@candlecast/domain';

interface Opened {
  readonly openTime: EpochMs;
}

/** Returns the index of the newest candle that opens at or before `time`; −1 when there is none. `candles` is sorted and unique. */
export function indexAt(candles: readonly Opened[], time: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candles[middle]?.openTime ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Returns where a time lies on a chart that counts candles: 2.5 is the middle of the third one. Before the first and after the last candle
 * the count goes on at `lengthMs` a candle; a time inside a hole lies where the hole is. Undefined without candles.
 */
export function logicalAt(candles: readonly Opened[], time: number, lengthMs: number): number | undefined {
  const index = indexAt(candles, time);
  const candle = candles[Math.max(0, index)];
  if (!candle) return undefined;
  const part = (time - candle.openTime) / lengthMs;
  return index < 0 ? part : index + (index === candles.length - 1 ? part : Math.min(1, part));
}

/** Returns the time at a place on a chart that counts candles: the other way round of `logicalAt`. Undefined without candles. */
export function timeAt(candles: readonly Opened[], logical: number, lengthMs: number): EpochMs | undefined {
  const index = Math.min(Math.max(0, Math.floor(logical)), candles.length - 1);
  const candle = candles[index];
  return candle && (Math.round(candle.openTime + (logical - index) * lengthMs) as EpochMs);
}
