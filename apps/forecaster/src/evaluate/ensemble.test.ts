import { DAY_MS, HOUR_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { MEDIAN, NORMAL_QUANTILES } from '../models/normal.ts';
import { createRandom } from '../models/random.ts';
import { type EnsembleInput, toEnsemble } from './ensemble.ts';

const N = 24 * 200;
const LEVELS = QUANTILE_LEVELS.length;

/** Members around a location that knows `share` of half the outcome's variance. */
function input(share: number, horizonBars = 1): EnsembleInput {
  const random = createRandom(3);
  const known = Float64Array.from({ length: N }, () => 0.01 * random.normal());
  const member = (width: number) =>
    Float32Array.from(
      { length: N * LEVELS },
      (_, index) => share * (known[Math.floor(index / LEVELS)] ?? 0) + width * (NORMAL_QUANTILES[index % LEVELS] ?? 0),
    );
  const members = [member(0.01), member(0.02)];
  return {
    spreads: members,
    locations: members,
    returns: known.map((part) => part + 0.01 * random.normal()),
    asOf: Float64Array.from({ length: N }, (_, index) => index * HOUR_MS),
    stepMs: HOUR_MS,
    horizonBars,
  };
}

const medianAt = (quantiles: Float32Array, index: number) => quantiles[index * LEVELS + MEDIAN];

describe('toEnsemble', () => {
  it('averages spreads and opens the gate once 120 days have shown that the location helps', () => {
    const { quantiles, openShare } = toEnsemble(input(1));
    const first = Array.from({ length: N }, (_, index) => index).findIndex((index) => medianAt(quantiles, index) !== 0);
    expect(first * HOUR_MS).toBe(120 * DAY_MS);
    expect(openShare).toBeCloseTo(80 / 200, 2);
    expect((quantiles[LEVELS - 1] ?? 0) - (quantiles[MEDIAN] ?? 0)).toBeCloseTo(0.015 * (NORMAL_QUANTILES.at(-1) ?? 0), 6);
  });

  it('keeps the last price where the location does not help, and beyond six hours', () => {
    expect(toEnsemble(input(-1)).openShare).toBe(0);
    expect(toEnsemble(input(1, 12)).openShare).toBe(0);
  });

  it('decides by what had matured: later outcomes change nothing before', () => {
    const whole = input(1);
    const cut = 24 * 125;
    const other = { ...whole, returns: whole.returns.map((value, index) => (index >= cut ? -value * 10 : value)) };
    const until = cut * LEVELS;
    expect(toEnsemble(other).quantiles.subarray(0, until)).toEqual(toEnsemble(whole).quantiles.subarray(0, until));
    expect(toEnsemble(other).openShare).toBeLessThan(toEnsemble(whole).openShare);
  });
});
