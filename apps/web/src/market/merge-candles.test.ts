import type { EpochMs } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartCandle } from './chart-candle.ts';
import { mergeCandles } from './merge-candles.ts';

const candle = (minute: number, close: number, isClosed = true): ChartCandle => ({
  openTime: (minute * 60_000) as EpochMs,
  open: 1,
  high: 9,
  low: 1,
  close,
  baseVolume: 1,
  isClosed,
});
const closes = (candles: readonly ChartCandle[]) => candles.map(({ openTime, close }) => [openTime / 60_000, close]);

describe('mergeCandles', () => {
  it('moves the open candle and appends the next', () => {
    const { candles, changed } = mergeCandles(
      [candle(1, 1), candle(2, 2, false)],
      [candle(2, 3, false), candle(2, 4), candle(3, 5, false)],
    );
    expect(closes(candles)).toEqual([[1, 1], [2, 4], [3, 5]]); // biome-ignore format: one line reads best
    expect(closes(changed)).toEqual([[2, 4], [3, 5]]); // biome-ignore format: one line reads best
  });

  it('never lets an open candle replace a closed one, whether it is present or comes with it', () => {
    expect(closes(mergeCandles([candle(1, 1)], [candle(1, 7, false)]).candles)).toEqual([[1, 1]]);
    expect(closes(mergeCandles([], [candle(1, 1), candle(1, 7, false)]).candles)).toEqual([[1, 1]]);
  });

  it('takes a correction of a closed candle', () => {
    expect(closes(mergeCandles([candle(1, 1), candle(2, 2)], [candle(1, 5)]).candles)).toEqual([[1, 5], [2, 2]]); // biome-ignore format: one line reads best
  });

  it('puts history in front and a late candle in its place', () => {
    const { candles } = mergeCandles([candle(5, 5), candle(7, 7)], [candle(3, 3), candle(6, 6), candle(4, 4)]);
    expect(closes(candles).map(([minute]) => minute)).toEqual([3, 4, 5, 6, 7]);
  });

  it('takes what lies before a closed candle as closed', () => {
    const { candles, changed } = mergeCandles([candle(1, 1, false), candle(2, 2, false)], [candle(3, 3), candle(4, 4, false)]);
    expect(candles.map(({ isClosed }) => isClosed)).toEqual([true, true, true, false]);
    expect(closes(changed).map(([minute]) => minute)).toEqual([3, 4]);
  });

  it('changes nothing when nothing is new', () => {
    const present = [candle(1, 1), candle(2, 2)];
    const merged = mergeCandles(present, [candle(2, 2)]);
    expect(merged.candles).toBe(present);
    expect(merged.changed).toEqual([]);
  });

  it('stays sorted and unique, and gives the same again when it is repeated', () => {
    const anyCandle = fc.tuple(fc.nat(30), fc.nat(9), fc.boolean()).map(([minute, close, isClosed]) => candle(minute, close, isClosed));
    fc.assert(
      fc.property(fc.array(anyCandle), fc.array(anyCandle), (first, second) => {
        const present = mergeCandles([], first).candles;
        const { candles, changed } = mergeCandles(present, second);
        const times = candles.map(({ openTime }) => openTime);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(mergeCandles(candles, changed).candles).toBe(candles);
      }),
    );
  });
});
