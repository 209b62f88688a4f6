import type { EpochMs } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartCandle } from '../market/chart-candle.ts';
import { INDICATOR_KINDS, type IndicatorChoice } from './indicator-choice.ts';
import { usualChoice } from './indicator-forms.ts';
import { createIndicatorRun } from './run-indicators.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

function candle(minute: number, close: number, baseVolume = 1): ChartCandle {
  return { openTime: (minute * MINUTE_MS) as EpochMs, open: close, high: close, low: close, close, baseVolume, isClosed: true };
}

function pointsOf(choice: IndicatorChoice, closes: readonly number[], id = `${choice.kind}${choice.settings.join('-')}`) {
  const lines = createIndicatorRun([choice], '1m').reset(closes.map((close, index) => candle(index, close)));
  return lines.find((line) => line.id === id)?.points.map(({ value }) => value);
}

describe('lines of indicators', () => {
  it('average the closes of their period, from the first candle that has one', () => {
    expect(pointsOf({ kind: 'sma', settings: [3] }, [1, 2, 3, 4, 8])).toEqual([2, 3, 5]);
  });

  it('hold bands two deviations from the middle', () => {
    expect(pointsOf({ kind: 'bb', settings: [2, 2] }, [1, 3], 'bb2-2:upper')).toEqual([4]);
    expect(pointsOf({ kind: 'bb', settings: [2, 2] }, [1, 3], 'bb2-2:lower')).toEqual([0]);
  });

  it('put RSI at 100 when closes only rise, in a panel of its own', () => {
    const [, rsi] = createIndicatorRun([{ kind: 'rsi', settings: [3] }], '1m').reset([1, 2, 3, 4].map((close, at) => candle(at, close)));
    expect(rsi?.points.map(({ value }) => value)).toEqual([100]);
    expect(rsi?.place).toBe('rsi3');
  });

  it('weigh VWAP by volume, anew with each UTC day', () => {
    const [, vwap] = createIndicatorRun([usualChoice('vwap')], '1m').reset([
      candle(0, 10, 1),
      candle(1, 20, 3),
      candle(2, 99, 0),
      candle(DAY_MINUTES, 50, 2),
    ]);
    expect(vwap?.points.map(({ value }) => value)).toEqual([10, 17.5, 17.5, 50]);
  });

  it('average volume on every chart', () => {
    const [volume] = createIndicatorRun([], '1m').reset(Array.from({ length: 21 }, (_, at) => candle(at, 1, at)));
    expect(volume?.points.map(({ value }) => value)).toEqual([9.5, 10.5]);
    expect(volume?.place).toBe('volume');
  });

  it('are the same candle by candle, each seen open first, as over the whole series', () => {
    const all = INDICATOR_KINDS.map(usualChoice);
    const price = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(price, price, fc.integer({ min: 0, max: 9 })), { minLength: 60, maxLength: 90 }), (steps) => {
        const candles = steps.map(([, close, volume], at) => candle(at + DAY_MINUTES - 30, close, volume));
        const whole = createIndicatorRun(all, '1m').reset(candles);
        const run = createIndicatorRun(all, '1m');
        const grown = new Map(run.reset(candles.slice(0, 1)).map(({ id, points }) => [id, new Map(points.map((p) => [p.time, p.value]))]));
        for (const [at, final] of candles.slice(1).entries()) {
          const seen = [candle(at + 1 + DAY_MINUTES - 30, steps[at + 1]?.[0] ?? 1, steps[at + 1]?.[2] ?? 0), final];
          for (const update of seen.flatMap((one) => run.advance(one) ?? [])) {
            for (const { time, value } of update.points) grown.get(update.id)?.set(time, value);
          }
        }
        for (const line of whole) {
          const values = [...(grown.get(line.id)?.values() ?? [])];
          expect(values.length).toBe(line.points.length);
          for (const [index, { value }] of line.points.entries()) expect(values[index]).toBeCloseTo(value, 6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('start over for a candle that is older than the newest', () => {
    const run = createIndicatorRun([], '1m');
    run.reset([candle(5, 1), candle(6, 1)]);
    expect(run.advance(candle(5, 2))).toBeUndefined();
  });
});
