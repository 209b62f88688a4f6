import { QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { buildDataSet } from '../../dataset/data-set.ts';
import { barSchema } from '../../features/bar-schema.ts';
import { randomBars } from '../../testing/random-bars.ts';
import { MEDIAN } from '../normal.ts';
import { type BodyBuilder, linearBody, lstmContextBody } from './bodies.ts';
import { type NetSettings, quantileNet } from './quantile-net.ts';

const schema = barSchema('1h');
const set = buildDataSet(randomBars({ bars: 3_000, seed: 3 }), schema);
const origins = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1);
const training = origins.filter((row) => row % set.bars < 2_400);
const rows = {
  training,
  validation: origins.filter((row) => row % set.bars >= 2_500),
  cutoff: set.series[0]?.firstOpenTime ?? (0 as never),
};
const HORIZONS = schema.horizons.length;
const LEVELS = QUANTILE_LEVELS.length;

const UNTRAINED: NetSettings = { batch: 256, epochs: 0, learningRate: 1e-4, weightDecay: 0, patience: 1, windows: 1_000, seeds: 1 };
const train = (body: BodyBuilder, settings: NetSettings) => quantileNet('net', '', body, settings).fit(set, rows, 1);

/** Shares of the outcomes below each quantile, [horizons, levels]. */
function sharesBelow(quantiles: Float32Array, wanted: Uint32Array): number[][] {
  return schema.horizons.map((_, horizon) =>
    QUANTILE_LEVELS.map((__, level) => {
      const below = [...wanted].filter(
        (row, index) =>
          (set.returns[row * HORIZONS + horizon] as number) < (quantiles[(index * HORIZONS + horizon) * LEVELS + level] as number),
      );
      return below.length / wanted.length;
    }),
  );
}

describe('a network that begins at HAR-S', () => {
  it('says before its first step what came of the windows it learns from, around a median of 0', async () => {
    const net = await train(linearBody, { ...UNTRAINED, start: 'har-s' });
    const said = net.predict(set, training);
    expect(said.filter((_, index) => index % LEVELS === MEDIAN).every((median) => median === 0)).toBe(true);
    sharesBelow(said, training).forEach((shares) => {
      // The medians of the outcomes are left out, as in HAR-S: all levels are off by what lies between them and 0.
      const off = (shares[MEDIAN] as number) - 0.5;
      for (const [level, share] of shares.entries()) expect(Math.abs(share - off - (QUANTILE_LEVELS[level] as number))).toBeLessThan(0.06);
    });
  });

  it('knows more than the EWMA does, of windows that it has not seen', async () => {
    const net = await train(linearBody, { ...UNTRAINED, start: 'har-s' });
    const [found] = net.card.nets as { baselineLoss: number; startLoss: number; validationLoss: number }[];
    expect(found?.startLoss).toBeLessThan((found?.baselineLoss ?? 0) * 0.995);
    expect(found?.validationLoss).toBe(found?.startLoss);
  });

  it('begins there whatever lies beside the context', async () => {
    const wanted = rows.validation.slice(0, 64);
    const linear = await train(linearBody, { ...UNTRAINED, start: 'har-s' });
    const recurrent = await train(lstmContextBody(8, 0.2), { ...UNTRAINED, start: 'har-s' });
    const [expected, said] = [linear.predict(set, wanted), recurrent.predict(set, wanted)];
    expect(Math.max(...said.map((value, index) => Math.abs(value - (expected[index] as number))))).toBeLessThan(1e-7);
  });

  it('is the EWMA-normal without a start', async () => {
    const [found] = (await train(linearBody, UNTRAINED)).card.nets as { baselineLoss: number; startLoss: number }[];
    expect(found?.startLoss).toBe(found?.baselineLoss);
  });
});
