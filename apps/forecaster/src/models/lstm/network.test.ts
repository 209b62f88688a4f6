import { QUANTILE_LEVELS } from '@candlecast/domain';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../../features/feature-schema.ts';
import { randomWeights, randomWindows } from '../../testing/random-network.ts';
import { NORMAL_QUANTILES } from '../normal.ts';
import { createRandom } from '../random.ts';
import { createNetwork, type NetworkWeights, pinballLoss } from './network.ts';
import { prepareTensorflow } from './tensorflow.ts';

const LEVELS = QUANTILE_LEVELS.length;
const shape = { batch: 8, steps: LOOKBACK_STEPS, inputs: FEATURES.length, units: 6 };

/** Quantiles of `rows` random windows as rows of levels, from a fresh network or from one with these weights. */
function quantilesOf(seed: number, rows: number, weights?: NetworkWeights): number[][] {
  const network = createNetwork(shape, createRandom(seed));
  if (weights) network.assign(weights);
  const values = [...tf.tidy(() => network.apply(randomWindows(seed, rows), rows).dataSync<'float32'>())];
  network.dispose();
  return Array.from({ length: rows * SERVED_HORIZONS.length }, (_, row) => values.slice(row * LEVELS, (row + 1) * LEVELS));
}

beforeAll(prepareTensorflow);

describe('createNetwork', () => {
  it('starts as persistence with EWMA-normal quantiles, to float32 rounding, whatever the window', () => {
    for (const row of quantilesOf(1, 8))
      for (const [index, quantile] of row.entries()) expect(Math.abs(quantile - (NORMAL_QUANTILES[index] ?? 0))).toBeLessThan(5e-7);
  });

  it('never lets quantiles cross, whatever the weights', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.01, 0.1, 1, 10, 100), (seed, headScale) => {
        for (const row of quantilesOf(seed, 3, randomWeights(seed, shape.units, headScale)))
          for (const [index, quantile] of row.entries()) if (index > 0) expect(quantile).toBeGreaterThanOrEqual(row[index - 1] ?? 0);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the median at the last price from twelve hours on and moves it before', () => {
    const medians = quantilesOf(2, 1, randomWeights(2, shape.units, 1)).map((row) => row[QUANTILE_LEVELS.indexOf(0.5)]);
    expect(medians.map((median) => median === 0)).toEqual([false, false, false, false, false, false, true, true]);
  });

  it('keeps no tensor behind', () => {
    const before = tf.memory().numTensors;
    quantilesOf(3, 2);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('pinballLoss', () => {
  it('is the mean of level-weighted errors', () => {
    const quantiles = tf.tensor3d([...NORMAL_QUANTILES], [1, 1, LEVELS]);
    const target = 0.3;
    const expected = NORMAL_QUANTILES.map((quantile, index) => {
      const level = QUANTILE_LEVELS[index] ?? 0;
      return target >= quantile ? level * (target - quantile) : (1 - level) * (quantile - target);
    });
    const mean = expected.reduce((sum, value) => sum + value, 0) / LEVELS;
    expect(pinballLoss(quantiles, tf.tensor2d([target], [1, 1])).dataSync()[0]).toBeCloseTo(mean, 6);
  });
});
