import { type CandleValues, type EpochMs, floorToInterval, foldCandles } from '@candlecast/domain';
import type { CandleRow } from './parse-reply.ts';

/**
 * Returns the candles that were closed at `now` less `marginMs`, oldest first, one a minute. The exchange sends the open candle as
 * an ordinary last row, and in December 2017 and February 2018 has rows off the minute grid: those of one minute become one candle.
 */
export function toClosedCandles(rows: readonly CandleRow[], now: EpochMs, marginMs: number): CandleValues[] {
  const minutes = new Map<EpochMs, CandleValues[]>();
  for (const { candle, lastMs } of rows) {
    if (lastMs >= now - marginMs) continue;
    const minute = floorToInterval(candle.openTime, '1m');
    minutes.set(minute, [...(minutes.get(minute) ?? []), candle]);
  }
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, [first, ...more]]) =>
      first && more.length === 0 && first.openTime === minute ? first : foldCandles(minute, first ? [first, ...more] : more),
    );
}
