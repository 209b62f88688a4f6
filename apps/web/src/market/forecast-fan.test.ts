import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { type IssuedForecast, toForecastFan } from './forecast-fan.ts';

const LEVELS = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];

function issue(
  horizon: string,
  minutes: number,
  asOf = '2026-01-31T12:00:00.000Z',
  overrides: Partial<IssuedForecast> = {},
): IssuedForecast {
  return {
    id: `${horizon}-${asOf}`,
    horizon,
    asOf,
    targetTime: new Date(Date.parse(asOf) + minutes * 60_000).toISOString(),
    refPrice: toDecimal('100.00'),
    quantiles: LEVELS.map((level) => ({ level, value: toDecimal((90 + level * 20).toFixed(2)) })),
    model: { id: '1', name: 'lstm', version: '1' },
    ...overrides,
  };
}

describe('toForecastFan', () => {
  it('opens at the issue price and holds the median and both bands', () => {
    const fan = toForecastFan([issue('5m', 5)], '1m');
    expect(fan).toEqual({
      asOf: Date.parse('2026-01-31T12:00:00Z'),
      refPrice: 100,
      points: [{ time: Date.parse('2026-01-31T12:05:00Z'), lower90: 91, lower50: 95, median: 100, upper50: 105, upper90: 109 }],
      models: [{ id: '1', name: 'lstm', version: '1' }],
      parts: [{ horizon: '5m', modelId: '1' }],
      cadenceMs: 60_000,
    });
  });

  it('shows the horizons that fit the interval, else the shortest', () => {
    const all = [issue('24h', 1440), issue('1h', 60), issue('30m', 30), issue('5m', 5)];
    const minutes = (interval: '1m' | '1h' | '1w') =>
      toForecastFan(all, interval)?.points.map(({ time }) => (time - Date.parse('2026-01-31T12:00:00Z')) / 60_000);
    expect(minutes('1m')).toEqual([5, 30]);
    expect(minutes('1h')).toEqual([5, 30, 60, 1440]);
    expect(toForecastFan([issue('24h', 1440)], '1m')?.points).toHaveLength(1);
  });

  it('takes the newest forecast of each horizon and leaves out what has come due', () => {
    const fan = toForecastFan(
      [issue('5m', 5, '2026-01-31T11:00:00.000Z'), issue('1m', 1, '2026-01-31T11:59:00.000Z'), issue('5m', 5, '2026-01-31T12:00:00.000Z')],
      '1m',
    );
    expect(fan?.points.map(({ time }) => new Date(time).toISOString())).toEqual(['2026-01-31T12:05:00.000Z']);
  });

  it('names every model that has a part in it', () => {
    const fan = toForecastFan([issue('1m', 1), issue('5m', 5, undefined, { model: { id: '2', name: 'ewma', version: '3' } })], '1m');
    expect(fan?.models).toEqual([
      { id: '1', name: 'lstm', version: '1' },
      { id: '2', name: 'ewma', version: '3' },
    ]);
    expect(fan?.parts).toEqual([
      { horizon: '1m', modelId: '1' },
      { horizon: '5m', modelId: '2' },
    ]);
  });

  it('is none without forecasts, and none of one that lacks a quantile of the bands', () => {
    expect(toForecastFan([], '1m')).toBeUndefined();
    expect(toForecastFan([issue('5m', 5, undefined, { quantiles: [] })], '1m')).toBeUndefined();
    expect(toForecastFan([issue('3y', 5)], '1m')).toBeUndefined();
  });
});
