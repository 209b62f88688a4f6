import { describe, expect, it } from 'vitest';
import { ratioEstimate } from './ratio-estimate.ts';

/** A linear congruential generator (Numerical Recipes) made normal by the sum of twelve. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((total, value) => total + value, -6);
}

/** How often the interval holds the truth, 0.1, in blocks of which each repeats `memory` of the one before. */
function coverage(memory: number, lag: number): number {
  const draw = normals(7);
  let held = 0;
  const runs = 2_000;
  for (let run = 0; run < runs; run++) {
    let last = draw();
    const parts = Array.from({ length: 60 }, () => {
      last = memory * last + Math.sqrt(1 - memory ** 2) * draw();
      return 0.1 + last;
    });
    const found = ratioEstimate(
      parts,
      parts.map(() => 1),
      lag,
    );
    if (found?.lower != null && found.upper != null && found.lower <= 0.1 && 0.1 <= found.upper) held++;
  }
  return held / runs;
}

describe('ratioEstimate', () => {
  it('is a ratio of sums, not a mean of ratios', () => {
    expect(ratioEstimate([1, 1], [2, 10], 1)).toEqual({ value: 2 / 12, lower: null, upper: null });
    expect(ratioEstimate([], [], 1)).toBeNull();
    expect(ratioEstimate([0, 0], [0, 0], 1)).toBeNull();
  });

  it('has the interval of the mean of independent values, by hand', () => {
    const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const found = ratioEstimate(
      parts,
      parts.map(() => 1),
      0,
    );
    // Standard deviation 3.3166, t(0.975; 10) = 2.2281
    expect(found?.value).toBe(6);
    expect((found?.upper ?? 0) - 6).toBeCloseTo((2.2281 * 3.3166) / Math.sqrt(11), 2);
    expect(6 - (found?.lower ?? 0)).toBeCloseTo((found?.upper ?? 0) - 6, 12);
  });

  it('holds the truth about 95 times of a hundred, also where blocks resemble their neighbours', () => {
    expect(coverage(0, 2)).toBeGreaterThan(0.92);
    expect(coverage(0, 2)).toBeLessThan(0.97);
    expect(coverage(0.4, 2)).toBeGreaterThan(0.87);
    expect(coverage(0.4, 0)).toBeLessThan(coverage(0.4, 2) - 0.03);
  });
});
