import { QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet, type DataSet } from '../../dataset/data-set.ts';
import { barSchema } from '../../features/bar-schema.ts';
import { toCrps } from '../../score/score-forecast.ts';
import { randomBars, withOtherFuture } from '../../testing/random-bars.ts';
import { ewmaNormal } from './ewma.ts';
import { harPlain, harS } from './har.ts';
import { ENSEMBLE_MEMBERS, LADDER } from './ladder.ts';
import type { TrainingRows } from './ladder-model.ts';

const schema = barSchema('1h');
const BARS = 3_000;
const CUTOFF = 2_400;
const market = randomBars({ bars: BARS, swing: 0.9, seed: 7 });
const set = buildDataSet(market, schema);
const LEVELS = QUANTILE_LEVELS.length;
const horizons = schema.horizons.length;

/** Returns the origins of both series whose bar is in [from, to). */
function originsIn(from: number, to: number): Uint32Array {
  return Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1 && row % BARS >= from && row % BARS < to);
}

const rows: TrainingRows = {
  training: originsIn(0, 2_000),
  validation: originsIn(2_050, CUTOFF - 25),
  cutoff: asOfRow(set, CUTOFF),
};

/** The same stretches, thinned: enough to fit something, in seconds. */
const few: TrainingRows = { ...rows, training: rows.training.filter((_, index) => index % 8 === 0) };

function meanCrps(quantiles: Float32Array, wanted: Uint32Array, horizon: number): number {
  let sum = 0;
  wanted.forEach((row, index) => {
    const at = (index * horizons + horizon) * LEVELS;
    sum += toCrps([...quantiles.subarray(at, at + LEVELS)], set.returns[row * horizons + horizon] ?? Number.NaN);
  });
  return sum / wanted.length;
}

describe.each(LADDER.map((model) => [model.name, model] as const))('%s', (_, model) => {
  it('gives upward quantiles to every origin, and looks at nothing after one (leak canary)', async () => {
    const predictor = await model.fit(set, few, 1);
    const last = 2_600;
    const wanted = originsIn(CUTOFF, last + 1).filter((row) => row % 29 === 0 || row % BARS === last);
    const said = predictor.predict(set, wanted);
    expect(said).toHaveLength(wanted.length * horizons * LEVELS);
    for (let index = 1; index < said.length; index++)
      if (index % LEVELS !== 0) expect(said[index] ?? Number.NaN).toBeGreaterThanOrEqual(said[index - 1] ?? Number.NaN);
    const other: DataSet = buildDataSet(withOtherFuture(market, last), schema);
    expect(predictor.predict(other, wanted)).toEqual(said);
    // What is fitted knows nothing of what came after the cutoff either.
    const blind = await model.fit(buildDataSet(withOtherFuture(market, CUTOFF), schema), few, 1);
    expect(blind.predict(set, wanted)).toEqual(said);
  }, 120_000);
});

describe('the ladder', () => {
  it('has one row of each name and all members of the ensemble', () => {
    const names = LADDER.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(ENSEMBLE_MEMBERS.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('names the LSTMs of the published projects', () => {
    const kinds = ['single', 'multi'].flatMap((outputs) => ['raw', 'engineered'].map((inputs) => `s2-lstm-${outputs}-${inputs}`));
    const names = LADDER.map(({ name }) => name);
    expect(['s0-lstm-50-50', ...kinds, 's3-lstm-350'].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('finds a season and clusters of volatility with HAR-S, and the season only with it', async () => {
    const wanted = originsIn(CUTOFF, BARS);
    const crps = async (model: typeof harS, horizon: number) =>
      meanCrps((await model.fit(set, rows, 1)).predict(set, wanted), wanted, horizon);
    for (const horizon of [0, 2]) {
      const [reference, plain, season] = [await crps(ewmaNormal, horizon), await crps(harPlain, horizon), await crps(harS, horizon)];
      expect(season).toBeLessThan(0.99 * reference);
      expect(season).toBeLessThan(plain);
    }
  });
});
