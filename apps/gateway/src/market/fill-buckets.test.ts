import { type Candle, toDecimal } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { at } from '../testing/test-market.ts';
import { fillBuckets } from './fill-buckets.ts';

const candle = (minute: number): Candle => aCandle({ openTime: at(minute), close: toDecimal(`${minute}.50`) });
const page = { candles: [candle(2), candle(4)], range: { from: at(0), to: at(6) }, interval: '1m' } as const;
const shown = (fill: 'NONE' | 'NULL' | 'PREVIOUS_CLOSE', previous?: Candle) =>
  fillBuckets({ ...page, fill, previous }).map(({ openTime, candle: found }) => [
    (openTime - at(0)) / 60_000,
    found && `${found.close}${found.isFilled ? ' filled' : ''}`,
  ]);

describe('fillBuckets', () => {
  it('leaves out what is not there', () => {
    expect(shown('NONE')).toEqual([
      [2, '2.50'],
      [4, '4.50'],
    ]);
  });

  it('shows the time alone', () => {
    expect(shown('NULL')).toEqual([
      [0, null],
      [1, null],
      [2, '2.50'],
      [3, null],
      [4, '4.50'],
      [5, null],
    ]);
  });

  it('repeats the close before, from the candle before the page on', () => {
    const tail = [
      [2, '2.50'],
      [3, '2.50 filled'],
      [4, '4.50'],
      [5, '4.50 filled'],
    ];
    expect(shown('PREVIOUS_CLOSE')).toEqual(tail);
    expect(shown('PREVIOUS_CLOSE', candle(-3))).toEqual([[0, '-3.50 filled'], [1, '-3.50 filled'], ...tail]);
    const filled = fillBuckets({ ...page, fill: 'PREVIOUS_CLOSE', previous: undefined })[1]?.candle;
    expect(filled).toMatchObject({
      open: '2.50',
      high: '2.50',
      low: '2.50',
      baseVolume: '0',
      quoteVolume: '0',
      tradeCount: 0,
      isClosed: true,
    });
  });
});
