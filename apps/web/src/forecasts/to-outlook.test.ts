import { describe, expect, it } from 'vitest';
import { ghostHorizon, toOutlook } from './to-outlook.ts';

describe('the outlook of a chart', () => {
  it.each([
    ['1m', '30m'],
    ['5m', '1h'],
    ['15m', '4h'],
    ['1h', '12h'],
    ['1d', '12h'],
  ] as const)('of %s candles shows earlier forecasts of %s', (interval, horizon) => {
    expect(ghostHorizon(interval)).toBe(horizon);
  });

  it('is empty where nobody has issued anything', () => {
    expect(toOutlook([], undefined)).toEqual({ ghosts: [], path: [] });
  });

  it('has the median of every minute, in milliseconds', () => {
    const path = { t: [60, 120], median: [10, 11] } as never;
    expect(toOutlook([], path).path).toEqual([
      { time: 60_000, value: 10 },
      { time: 120_000, value: 11 },
    ]);
  });
});
