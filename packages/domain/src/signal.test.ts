import { describe, expect, it } from 'vitest';
import { QUANTILE_LEVELS } from './forecast.ts';
import { expectedEdgeBps, expectedMoveBps, roundTripBps, toSignal } from './signal.ts';
import type { EpochMs } from './time.ts';

const around = (median: number) =>
  QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: median + (index - 4) / 100, value: '1.00' as never }));
const COSTS = { feeBps: 10, spreadBps: 4, spreadAt: 7 as EpochMs };

describe('toSignal', () => {
  it.each([
    [0, 'HOLD'],
    [0.0024, 'HOLD'], // all of it goes into costs
    [0.00241, 'BUY'],
    [-0.0024, 'HOLD'],
    [-0.00241, 'SELL'],
    [Number.NaN, 'HOLD'],
  ])('makes of a median of %d: %s', (median, action) => {
    expect(toSignal(around(median), COSTS)).toEqual({ action, rule: 1, ...COSTS });
  });

  it('follows the move and pays both fees and the spread once', () => {
    expect(expectedMoveBps(around(0.003))).toBeCloseTo(30, 9);
    expect(roundTripBps(COSTS)).toBe(24);
    expect(expectedEdgeBps(around(-0.003), COSTS)).toBeCloseTo(6, 9);
    expect(expectedEdgeBps(around(0.001), COSTS)).toBeCloseTo(-14, 9);
  });
});
