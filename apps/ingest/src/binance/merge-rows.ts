import { type CandleValues, type EpochMs, floorToInterval, foldCandles } from '@candlecast/domain';
import type { CandleRow } from './parse-reply.ts';

/**
 * Returns the candles that were closed at `now` less `marginMs`, oldest first, one a minute. The exchange sends the open candle as
 * an ordinary last row, and in December 2017 and February 2018 has rows off the minute grid: those of one minute become one candle.
 * `cutAt` is the end at which a full page stops: a minute off the grid there may go on beyond it and is left to the next page.
 */
export function toClosedCandles(rows: readonly CandleRow[], now: EpochMs, marginMs: number, cutAt?: 'first' | 'last'): CandleValues[] {
  const minutes = new Map<EpochMs, CandleValues[]>();
  for (const { candle, lastMs } of rows) {
    if (lastMs >= now - marginMs) continue;
    const minute = floorToInterval(candle.openTime, '1m');
    minutes.set(minute, [...(minutes.get(minute) ?? []), candle]);
  }
  const sorted = [...minutes].sort(([a], [b]) => a - b);
  const edge = cutAt === 'first' ? sorted[0] : cutAt === 'last' ? sorted.at(-1) : undefined;
  const isCut = edge !== undefined && sorted.length > 1 && edge[1].some(({ openTime }) => openTime !== edge[0]);
  return sorted
    .filter((entry) => !isCut || entry !== edge)
    .map(([minute, [first, ...more]]) =>
      first && more.length === 0 && first.openTime === minute ? first : foldCandles(minute, first ? [first, ...more] : more),
    );
}

/** Returns how many rows do not open on a minute. */
export function countOffGrid(rows: readonly CandleRow[]): number {
  return rows.filter(({ candle }) => floorToInterval(candle.openTime, '1m') !== candle.openTime).length;
}
