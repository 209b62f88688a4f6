import { type CandleValues, MINUTE_MS, toDecimal, toEpochMs } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMinuteBuffer } from './minute-series.ts';

const START = 1_640_995_200_000;
const minute = (index: number, close = '100.00'): CandleValues =>
  aCandle({ openTime: toEpochMs(START + index * MINUTE_MS), close: toDecimal(close) });

describe('createMinuteBuffer', () => {
  it('keeps a minute that is not stored as NaN in every column', () => {
    const buffer = createMinuteBuffer(10);
    buffer.put(minute(0));
    buffer.put(minute(2));
    const series = buffer.series();
    expect(series.length).toBe(3);
    for (const name of ['logClose', 'logHigh', 'logLow', 'baseVolume', 'takerBuyBaseVolume'] as const)
      expect([...series[name]].map(Number.isNaN)).toEqual([false, true, false]);
  });

  it('takes corrections and late candles in place and ignores what lies before its first row', () => {
    const buffer = createMinuteBuffer(10);
    for (const index of [3, 5]) buffer.put(minute(index));
    buffer.put(minute(4, '104.00'));
    buffer.put(minute(5, '105.00'));
    buffer.put(minute(2, '102.00'));
    expect([...buffer.series().logClose].map((value) => Math.round(Math.exp(value)))).toEqual([100, 104, 105]);
  });

  it('keeps a column that the source lacks unknown without making the minute a gap', () => {
    const buffer = createMinuteBuffer(2);
    buffer.put(aCandle({ takerBuyBaseVolume: null }));
    expect(buffer.series().takerBuyBaseVolume[0]).toBeNaN();
    expect(buffer.series().logClose[0]).toBeCloseTo(Math.log(46_250), 12);
  });

  it('refuses a candle that does not open on a whole minute', () => {
    expect(() => createMinuteBuffer(2).put(aCandle({ openTime: toEpochMs(START + 1) }))).toThrow('not a whole minute');
  });

  it('holds the newest minutes up to its capacity, whatever order and gaps they come with', () => {
    const capacity = 7;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 80 }), (indexes) => {
        const buffer = createMinuteBuffer(capacity);
        const model = new Map<number, number>();
        let first = indexes[0] ?? 0;
        let last = first;
        for (const [turn, index] of indexes.entries()) {
          buffer.put(minute(index, `${turn + 1}.00`));
          if (index < first) continue;
          last = Math.max(last, index);
          first = Math.max(first, last - capacity + 1);
          model.set(index, turn + 1);
        }
        const series = buffer.series();
        expect(series.firstOpenTime).toBe(START + first * MINUTE_MS);
        const wanted = Array.from({ length: last - first + 1 }, (_, row) => model.get(first + row));
        expect([...series.logClose].map((value) => (Number.isNaN(value) ? undefined : Math.round(Math.exp(value))))).toEqual(wanted);
      }),
    );
  });
});
