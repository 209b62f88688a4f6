import { describe, expect, it } from 'vitest';
import { QUANTILE_LEVELS } from './forecast.ts';
import { pathLogReturn, reachOf, toPathKnots, toWideningFactors, WIDENING_RULE } from './forecast-path.ts';
import type { Horizon } from './horizon.ts';

/** Says at each level its distance from the middle, times `width`. */
const fan = (horizon: Horizon, width: number, median = 0) => ({
  horizon,
  quantiles: QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: median + width * (index - 4), value: '1' as never })),
});
const knots = toPathKnots([fan('1h', 0.01), fan('4h', 0.02)]);

describe('pathLogReturn', () => {
  it('is the forecast at a horizon, and grows with the root of time where the slope stays', () => {
    expect(pathLogReturn(knots, 8, 60)).toBeCloseTo(0.04, 12);
    expect(pathLogReturn(knots, 8, 240)).toBeCloseTo(0.08, 12);
    expect(pathLogReturn(knots, 8, 15)).toBeCloseTo(0.02, 12);
    expect(pathLogReturn(knots, 8, 135)).toBeCloseTo(0.04 * Math.sqrt(135 / 60), 12);
    expect(pathLogReturn(knots, 8, 241)).toBeNaN();
  });
});

describe('reachOf', () => {
  it('is the furthest that a path went, in half widths of the outermost band on its side', () => {
    expect(reachOf(knots, [0.02, 0, 0, -0.04])).toBeCloseTo(0.5, 12);
    expect(reachOf(knots, [-0.06, 0, 0, 0.04])).toBeCloseTo(1.5, 12);
    expect(reachOf(knots, [0, 0, 0, 0])).toBe(0);
    const skewed = fan('1h', 0.01).quantiles.map((quantile) => ({
      ...quantile,
      logReturn: quantile.logReturn * (quantile.logReturn < 0 ? 2 : 1),
    }));
    const [up, down] = [0.04, -0.04].map((logReturn) => reachOf(toPathKnots([{ horizon: '1h', quantiles: skewed }]), [logReturn]));
    expect([up, down]).toEqual([expect.closeTo(1, 12), expect.closeTo(0.5, 12)]);
    const tilted = toPathKnots([fan('1h', 0.01, 0.01)]);
    expect(reachOf(tilted, [0.03])).toBeCloseTo(0.5, 12);
    expect(reachOf(tilted, [-0.07])).toBeCloseTo(2, 12);
  });

  it('is not known where a price is missing or the fan ends before the path', () => {
    expect(reachOf(knots, [0, Number.NaN])).toBeNaN();
    expect(reachOf(knots, [0, 0, 0, 0, 0])).toBeNaN();
  });
});

describe('toWideningFactors', () => {
  it('are the reaches that 80 and 90 % of paths stay within, with one more for the one to come', () => {
    const reaches = Array.from({ length: 999 }, (_, index) => (index + 1) / 1_000);
    expect(toWideningFactors([...reaches].reverse())).toEqual([0.8, 0.9]);
  });

  it('are not told of few paths', () => {
    const few = Array.from({ length: WIDENING_RULE.leastPaths - 1 }, () => 1);
    expect(toWideningFactors([...few, Number.NaN])).toBeUndefined();
    expect(toWideningFactors([...few, 1])).toEqual([1, 1]);
  });
});
