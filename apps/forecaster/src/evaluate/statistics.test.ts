import { describe, expect, it } from 'vitest';
import { createRandom } from '../models/random.ts';
import { bootstrapShare } from './block-bootstrap.ts';
import { dieboldMariano, holm } from './diebold-mariano.ts';

function noise(n: number, seed: number, shift = 0): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => random.normal() + shift);
}

describe('dieboldMariano', () => {
  it('is the t-test of the mean difference where nothing overlaps', () => {
    const second = noise(400, 1);
    const first = second.map((value, index) => value + (index % 2 === 0 ? 1.1 : -0.9));
    const { meanDifference, z, n } = dieboldMariano(first, second, 0, 1);
    expect(n).toBe(400);
    expect(meanDifference).toBeCloseTo(0.1, 9);
    expect(z).toBeCloseTo((0.1 / Math.sqrt(1 / 400)) * Math.sqrt(399 / 400), 6);
  });

  it('rejects a true null about as often as it says, with overlapping losses', () => {
    let rejected = 0;
    for (let run = 0; run < 400; run++) {
      const own = noise(624, run + 1);
      const overlapping = Float64Array.from({ length: 600 }, (_, index) =>
        own.subarray(index, index + 24).reduce((sum, one) => sum + one, 0),
      );
      if (dieboldMariano(overlapping, new Float64Array(600), 48, 24).p < 0.05) rejected += 1;
    }
    // Without the lag 30 % are rejected.
    expect(rejected / 400).toBeLessThan(0.13);
    expect(rejected / 400).toBeGreaterThan(0.01);
  });

  it('leaves out origins that either lacks', () => {
    expect(dieboldMariano(Float64Array.of(1, Number.NaN, 3, 4), Float64Array.of(1, 2, 2, Number.NaN), 0, 1).n).toBe(2);
  });
});

describe('holm', () => {
  it('adjusts in the order of the smallest and never below the one before', () => {
    expect(holm([0.01, 0.04, 0.03, 0.5])).toEqual([0.04, 0.09, 0.09, 0.5]);
  });
});

describe('bootstrapShare', () => {
  it('gives the share among calls and an interval that widens when calls come in runs', () => {
    const random = createRandom(5);
    const single = Float64Array.from({ length: 5_000 }, () => (random.uniform() < 0.55 ? 1 : 0));
    const runs = Float64Array.from({ length: 5_000 }, (_, index) => single[index - (index % 100)] ?? 0);
    const [free, bound] = [bootstrapShare(single, 168), bootstrapShare(runs, 168)];
    expect(free.share).toBeCloseTo(0.55, 1);
    expect(free.lower).toBeLessThan(free.share);
    expect(free.upper).toBeGreaterThan(free.share);
    expect(bound.upper - bound.lower).toBeGreaterThan(3 * (free.upper - free.lower));
    expect(bootstrapShare(Float64Array.of(1, Number.NaN, 0, Number.NaN), 2)).toMatchObject({ n: 2, share: 0.5 });
  });
});
