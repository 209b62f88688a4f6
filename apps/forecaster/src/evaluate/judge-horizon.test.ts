import { QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { createRandom } from '../models/random.ts';
import { jointCoverage } from './joint-coverage.ts';
import { type HorizonForecasts, judgeHorizon, toLosses } from './judge-horizon.ts';

const N = 20_000;
const LEVELS = QUANTILE_LEVELS.length;

/** Normal outcomes of standard deviation 0.01 with a known part of 0.002, and forecasts of a given width that know a share of it. */
function forecasts(width: number, knownShare: number): HorizonForecasts {
  const random = createRandom(11);
  const returns = new Float64Array(N);
  const quantiles = new Float32Array(N * LEVELS);
  for (let index = 0; index < N; index++) {
    const part = 0.002 * random.normal();
    returns[index] = part + 0.01 * random.normal();
    NORMAL_QUANTILES.forEach((quantile, level) => {
      quantiles[index * LEVELS + level] = knownShare * part + width * 0.01 * quantile;
    });
  }
  return { quantiles, returns, sigmas: new Float64Array(N).fill(0.01), dayBars: 24, horizonBars: 1 };
}

const judge = (width: number, knownShare: number) => judgeHorizon(forecasts(width, knownShare), toLosses(forecasts(width, knownShare)));

describe('judgeHorizon', () => {
  const perfect = judge(1, 1);

  it('finds the perfect forecast calibrated', () => {
    expect(perfect.coverage.map(({ band }) => band)).toEqual([50, 80, 90, 95]);
    for (const { band, share } of perfect.coverage) expect(100 * share).toBeCloseTo(band, -0.5);
    expect(perfect.worstCalibration).toBeLessThan(0.01);
    expect(perfect.pit.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('finds too narrow a forecast out, in coverage, CRPS and interval score', () => {
    const narrow = judge(0.6, 1);
    expect(narrow.coverage[2]?.share).toBeLessThan(0.75);
    expect(narrow.crpsBp).toBeGreaterThan(perfect.crpsBp);
    expect(narrow.winklerBp).toBeGreaterThan(perfect.winklerBp);
    expect(judge(1.6, 1).crpsBp).toBeGreaterThan(perfect.crpsBp);
  });

  it('scores direction with an interval, more where the forecast is surer, and nothing without calls', () => {
    expect(perfect.direction.lower).toBeGreaterThan(0.5);
    expect(perfect.surestDirection.share).toBeGreaterThan(perfect.direction.share);
    expect(perfect.brierSkill).toBeGreaterThan(0);
    const still = judge(1, 0);
    expect(still).toMatchObject({ noCallShare: 1, direction: { n: 0 } });
    expect(still.brierSkill).toBeCloseTo(0, 9);
    expect(still.maeBp).toBeGreaterThan(perfect.maeBp);
  });
});

describe('jointCoverage', () => {
  it('widens pointwise bands until as many whole paths stay inside as asked', () => {
    const horizons = [1, 2, 3].map((seed) => {
      const random = createRandom(seed);
      const returns = Float64Array.from({ length: 6_000 }, () => 0.01 * random.normal());
      return {
        returns,
        quantiles: Float32Array.from({ length: 6_000 * LEVELS }, (_, index) => 0.01 * (NORMAL_QUANTILES[index % LEVELS] ?? 0)),
      };
    });
    const asOf = Float64Array.from({ length: 6_000 }, (_, index) => index * 3_600_000);
    const { pointwise95, joint80, joint90, n } = jointCoverage(horizons, asOf, 24 * 3_600_000, 3_600_000);
    expect(n).toBe(6_000 - 500 - 23);
    expect(pointwise95).toBeCloseTo(0.95 ** 3, 1);
    expect(joint80).toBeCloseTo(0.8, 1);
    expect(joint90).toBeCloseTo(0.9, 1);
  });
});
