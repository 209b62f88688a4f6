import { type CandleValues, type EpochMs, floorToInterval, foldCandles } from '@candlecast/domain';

/** What a store must hold of the exchange's rows: those off the minute grid become the candle of the minute that they open in. */
export function toMinutes(truth: readonly CandleValues[]): CandleValues[] {
  const minutes = new Map<EpochMs, CandleValues[]>();
  for (const candle of truth) {
    const minute = floorToInterval(candle.openTime, '1m');
    minutes.set(minute, [...(minutes.get(minute) ?? []), candle]);
  }
  return [...minutes].map(([minute, [first, ...more]]) => {
    if (!first) throw new Error('a minute without candles');
    return first.openTime === minute && more.length === 0 ? first : foldCandles(minute, [first, ...more]);
  });
}
