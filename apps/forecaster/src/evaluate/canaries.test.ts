import { describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet } from '../dataset/data-set.ts';
import { barSchema } from '../features/bar-schema.ts';
import { linearQuantile } from '../models/ladder/ladder.ts';
import { randomBars } from '../testing/random-bars.ts';
import { permutedCanary, splitCanary } from './canaries.ts';

const BARS = 4_200;
const set = buildDataSet(randomBars({ bars: BARS, swing: 0.9, seed: 21 }), barSchema('1h'));
const originsIn = (from: number, to: number) =>
  Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1 && row % BARS >= from && row % BARS < to);
const rows = { training: originsIn(0, 2_900), validation: originsIn(2_950, 3_400), cutoff: asOfRow(set, 3_450) };
const test = originsIn(3_450, BARS);

describe('the canaries of the evaluation', () => {
  it('score a random walk far above a coin under the shuffled split, and at a coin under the purged one', () => {
    const { shuffled, purged } = splitCanary(set, originsIn(0, BARS), 1);
    expect(shuffled).toBeGreaterThan(0.7);
    expect(Math.abs(purged - 0.5)).toBeLessThan(0.12);
    expect(shuffled).toBeGreaterThan(purged + 0.1);
  });

  it('find no skill in a model that was trained on permuted futures', async () => {
    const found = await permutedCanary(set, linearQuantile, rows, test, 1);
    expect(found).toHaveLength(6);
    for (const { z, n } of found) {
      expect(n).toBe(test.length);
      expect(z).toBeLessThan(2.5);
    }
  });
});
