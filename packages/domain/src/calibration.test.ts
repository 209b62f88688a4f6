import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, calibrationRule, toScales } from './calibration.ts';
import { QUANTILE_LEVELS } from './forecast.ts';
import { DAY_MS } from './time.ts';

/** Of the logistic distribution, whose quantiles are easy to write. */
const QUANTILES = QUANTILE_LEVELS.map((level) => Math.log(level / (1 - level)));

/** Forecasts whose quantiles are `width` times as wide as what comes, which is spread evenly over the distribution. */
function matured(count: number, width: number, median = 0) {
  return Array.from({ length: count }, (_, n) => {
    const share = (n + 0.5) / count;
    return { logReturns: QUANTILES.map((quantile) => median + width * quantile), realised: median + Math.log(share / (1 - share)) };
  });
}

describe('toScales', () => {
  it.each([0.5, 1, 2])('gives quantiles that were %d times as wide as they should be their levels', (width) => {
    const scales = toScales(matured(2_000, width, 3)) ?? [];
    for (const [index, scale] of scales.entries()) expect(scale).toBeCloseTo(index === 4 ? 1 : 1 / width, 1);
    const shown = calibrate(
      QUANTILES.map((quantile) => width * quantile),
      scales,
    );
    const realised = matured(2_000, width).map((each) => each.realised);
    for (const [index, level] of QUANTILE_LEVELS.entries()) {
      expect(realised.filter((value) => value <= (shown[index] ?? 0)).length / realised.length).toBeCloseTo(level, 2);
    }
  });

  it('errs to the wide side by the number of forecasts, and says nothing of few', () => {
    expect(toScales(matured(199, 1))).toBeUndefined();
    const [outermost] = toScales(matured(200, 1)) ?? [];
    expect(outermost).toBeGreaterThan(1);
    expect(toScales(matured(300, 1e-6))?.[0]).toBe(4);
    expect(toScales(matured(300, 1e6))?.[8]).toBe(0.25);
  });
});

describe('calibrate', () => {
  it('keeps the median, leaves what is scaled by 1, and never lets quantiles cross', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.25, max: 4, noNaN: true }), { minLength: 9, maxLength: 9 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (scales, median) => {
          const raw = QUANTILES.map((quantile) => quantile + median);
          const shown = calibrate(raw, scales);
          expect(shown[4]).toBe(raw[4]);
          expect(shown).toEqual([...shown].sort((a, b) => a - b));
          for (const [index, value] of calibrate(raw, Array(9).fill(1)).entries()) expect(value).toBeCloseTo(raw[index] ?? 0, 12);
        },
      ),
    );
  });
});

describe('calibrationRule', () => {
  it('asks of long horizons for half a year', () => {
    expect(calibrationRule('6h')).toEqual({ windowDays: 90, leastDays: 60, strideMs: 5_400_000 });
    expect(calibrationRule('12h')).toMatchObject({ windowDays: 365, leastDays: 180 });
    expect(calibrationRule('15m').strideMs).toBe(900_000);
    expect(calibrationRule('7d').strideMs).toBe(DAY_MS / 4);
  });
});
