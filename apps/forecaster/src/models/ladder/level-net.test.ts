import { QUANTILE_LEVELS } from '@candlecast/domain';
import { beforeAll, describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet, type DataSet } from '../../dataset/data-set.ts';
import { barSchema } from '../../features/bar-schema.ts';
import { randomBars } from '../../testing/random-bars.ts';
import { MEDIAN } from '../normal.ts';
import type { LadderPredictor, TrainingRows } from './ladder-model.ts';
import { type LevelNetSettings, levelNet } from './level-net.ts';

const schema = barSchema('1h');
const BARS = 1_400;
const set = buildDataSet(withGap(1_100), schema);
const HORIZONS = schema.horizons.length;
const all = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1);
const early = all.filter((row) => row % BARS < 1_050);
const late = all.filter((row) => row % BARS > 1_180);
const rows: TrainingRows = { training: early, validation: early.slice(0, 1), cutoff: asOfRow(set, 1_080) };

const base: LevelNetSettings = {
  layers: [6],
  lookback: 8,
  every: 'bar',
  outputs: 'next',
  scaling: 'extremes',
  isEngineered: false,
  epochs: 2,
  windows: 256,
};

function withGap(bar: number) {
  const market = randomBars({ bars: BARS, seed: 4 });
  for (const { columns } of market) for (const column of Object.values(columns)) column[bar] = Number.NaN;
  return market;
}

/** Returns the medians of each origin, horizon by horizon. */
function mediansOf(predictor: LadderPredictor, other: DataSet, wanted: Uint32Array): number[][] {
  const said = predictor.predict(other, wanted);
  return Array.from(wanted, (_, index) =>
    Array.from({ length: HORIZONS }, (_, h) => said[(index * HORIZONS + h) * QUANTILE_LEVELS.length + MEDIAN] as number),
  );
}

const fitted = (settings: Partial<LevelNetSettings>) => levelNet('published', '', { ...base, ...settings }).fit(set, rows, 1);

describe('levelNet', () => {
  let next: number[][];
  beforeAll(async () => {
    next = mediansOf(await fitted({}), set, late);
  });

  it('says its next price over every horizon, around which the tuned EWMA lies', async () => {
    for (const medians of next) for (const median of medians) expect(median).toBe(medians[0]);
    expect(new Set(next.map(([first]) => first)).size).toBeGreaterThan(late.length / 2);
  });

  it('says something of its own over each horizon where it was asked for each', async () => {
    const [first = []] = mediansOf(await fitted({ outputs: 'each' }), set, late);
    expect(new Set(first).size).toBe(HORIZONS);
  });

  it('leaves the last price where a horizon is shorter than its day', async () => {
    const daily = mediansOf(await fitted({ every: 'day' }), set, late);
    for (const medians of daily) {
      expect(medians.slice(0, -1).every((median) => median === 0)).toBe(true);
      expect(medians.at(-1)).not.toBe(0);
    }
  });

  it('steps over a missing bar, and sees return, range and volume where it is told of them', async () => {
    for (const settings of [{ lookback: 120 }, { lookback: 120, isEngineered: true, scaling: 'deviation' as const }])
      expect(
        mediansOf(await fitted(settings), set, late)
          .flat()
          .every(Number.isFinite),
      ).toBe(true);
    const told = mediansOf(await fitted({ isEngineered: true }), set, late);
    expect(told).not.toEqual(next);
  });

  it('is scaled by its training bars alone', async () => {
    const later = randomBars({ bars: BARS, seed: 4 });
    for (const { columns } of later)
      for (const name of ['logClose', 'logHigh', 'logLow'] as const)
        for (let bar = 1_110; bar < BARS; bar++) columns[name][bar] = 2 * (columns[name][bar] as number);
    const other = buildDataSet(later, schema);
    const blind = await levelNet('published', '', base).fit(other, rows, 1);
    expect(mediansOf(blind, set, late)).toEqual(next);
  });
});
