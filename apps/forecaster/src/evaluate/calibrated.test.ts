import { DAY_MS, HOUR_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { createRandom } from '../models/random.ts';
import { toCalibrated } from './calibrated.ts';

const DAYS = 100;
const N = 24 * DAYS;
const LEVELS = QUANTILE_LEVELS.length;
const random = createRandom(5);
const asOf = Float64Array.from({ length: N }, (_, index) => 20_000 * DAY_MS + index * HOUR_MS);
const returns = Float64Array.from({ length: N }, () => 0.01 * random.normal());
/** Half as wide as they should be. */
const narrow = Float32Array.from({ length: N * LEVELS }, (_, index) => 0.005 * (NORMAL_QUANTILES[index % LEVELS] as number));
const before = (days: number) => 24 * days * LEVELS;

describe('toCalibrated', () => {
  const calibrated = toCalibrated(narrow, returns, asOf, '1h');

  it('leaves quantiles as they are until sixty days have matured, and widens then what was too narrow', () => {
    expect(calibrated.subarray(0, before(60))).toEqual(narrow.subarray(0, before(60)));
    const [outermost, own] = [calibrated.at(-1) ?? 0, narrow.at(-1) ?? 0];
    expect(outermost / own).toBeGreaterThan(1.7);
    expect(outermost / own).toBeLessThan(2.4);
  });

  it('knows nothing that matures later (leak canary)', () => {
    const cut = 80;
    const other = toCalibrated(
      narrow,
      returns.map((value, index) => (index >= 24 * cut - 1 ? 9 * value : value)),
      asOf,
      '1h',
    );
    // The last outcome before midnight comes at midnight, so that it may be known from then on.
    expect(other.subarray(0, before(cut))).toEqual(calibrated.subarray(0, before(cut)));
    expect(other).not.toEqual(calibrated);
  });

  it('waits for half a year where days are few draws', () => {
    expect(toCalibrated(narrow, returns, asOf, '12h')).toEqual(narrow);
  });
});
