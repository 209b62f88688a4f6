import { QUANTILE_LEVELS } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../normal.ts';
import { createRandom } from '../random.ts';
import { headColumns, lossAndGradient, toHeadQuantiles } from './head-loss.ts';

const HORIZONS = 2;
const COLUMNS = headColumns(HORIZONS);
const LEVELS = QUANTILE_LEVELS.length;

describe('the quantile head', () => {
  it('says the EWMA-normal forecast when it is zero', () => {
    const quantiles = toHeadQuantiles(new Float32Array(COLUMNS), 1, HORIZONS);
    quantiles.forEach((value, index) => {
      expect(value).toBeCloseTo(NORMAL_QUANTILES[index % LEVELS] ?? Number.NaN, 6);
    });
  });

  it('cannot cross its quantiles, whatever its outputs', () => {
    const output = fc.float({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(output, { minLength: COLUMNS, maxLength: COLUMNS }), (head) => {
        const quantiles = toHeadQuantiles(Float32Array.from(head), 1, HORIZONS);
        for (let index = 1; index < quantiles.length; index++)
          if (index % LEVELS !== 0) expect(quantiles[index] ?? 0).toBeGreaterThan(quantiles[index - 1] ?? 0);
      }),
    );
  });

  it('has the gradient that differences of its loss show', () => {
    const random = createRandom(4);
    const rows = 5;
    const head = Float32Array.from({ length: rows * COLUMNS }, () => random.normal() / 2);
    const targets = Float32Array.from({ length: rows * HORIZONS }, () => random.normal());
    const { gradient } = lossAndGradient(head, targets, HORIZONS);
    const step = 2 ** -9;
    for (let index = 0; index < head.length; index++) {
      const at = (moved: number) => lossAndGradient(head.with(index, (head[index] ?? 0) + moved), targets, HORIZONS).loss;
      expect(gradient[index]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 3);
    }
  });

  it('has the mean pinball loss', () => {
    const { loss } = lossAndGradient(new Float32Array(COLUMNS), Float32Array.of(0.3, -2.5), HORIZONS);
    const pinball = [0.3, -2.5].flatMap((y) =>
      QUANTILE_LEVELS.map((tau, index) => {
        const error = y - (NORMAL_QUANTILES[index] ?? 0);
        return Math.max(tau * error, (tau - 1) * error);
      }),
    );
    expect(loss).toBeCloseTo(pinball.reduce((sum, one) => sum + one, 0) / pinball.length, 6);
  });
});
