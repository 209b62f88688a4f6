import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../dataset/data-set.ts';
import { contextWidth, fitRows, scaleRows } from '../models/context-scaler.ts';
import type { LadderModel, TrainingRows } from '../models/ladder/ladder-model.ts';
import { createTrailingQuantiles } from '../models/ladder/trailing-quantiles.ts';
import { createRandom } from '../models/random.ts';
import { toCrps } from '../score/score-forecast.ts';
import { dieboldMariano, type LossTest, lagOf } from './diebold-mariano.ts';

/** Direction accuracy of the same learner under the split that leaks and under the one that does not. */
export interface SplitCanary {
  readonly shuffled: number;
  readonly purged: number;
}

const LEVELS = QUANTILE_LEVELS.length;
const TEST_SHARE = 0.2;
/** Enough to tell a leak from a coin. */
const MOST_ROWS = 4_000;
const LIMIT = 4;

/**
 * Scores the direction over the longest horizon by the nearest neighbour, once with overlapping windows shuffled into training and test,
 * as published accuracies of 80 % and more were made, and once in time order with a purge. A sound evaluation gives the second figure; the
 * first must be the higher one, else the check itself is broken.
 */
export function splitCanary(set: DataSet, rows: Uint32Array, seed: number): SplitCanary {
  const ofFirst = rows.filter((row) => Math.floor(row / set.bars) === Math.floor((rows[0] ?? 0) / set.bars)).slice(0, MOST_ROWS);
  const cut = Math.floor(ofFirst.length * (1 - TEST_SHARE));
  const purge = Math.max(...set.schema.horizonBars) + set.schema.lookback;
  const shuffled = ofFirst.slice();
  createRandom(seed).shuffle(shuffled);
  return {
    shuffled: neighbourAccuracy(set, shuffled.subarray(0, cut), shuffled.subarray(cut)),
    purged: neighbourAccuracy(set, ofFirst.subarray(0, cut - purge), ofFirst.subarray(cut)),
  };
}

function neighbourAccuracy(set: DataSet, training: Uint32Array, test: Uint32Array): number {
  const width = contextWidth(set);
  const scaler = fitRows(set.context, width, training);
  const scaled = (row: number) => scaleRows(set.context.subarray(row * width, (row + 1) * width), scaler, LIMIT);
  const known = Array.from(training, scaled);
  const horizons = set.schema.horizons.length;
  const isUp = (row: number) => (set.returns[row * horizons + horizons - 1] as number) > 0;
  let hits = 0;
  for (const row of test) {
    const own = scaled(row);
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    known.forEach((other, index) => {
      let distance = 0;
      for (let column = 0; column < width && distance < least; column++)
        distance += ((own[column] as number) - (other[column] as number)) ** 2;
      if (distance < least) [nearest, least] = [index, distance];
    });
    if (isUp(row) === isUp(training[nearest] as number)) hits += 1;
  }
  return hits / test.length;
}

/**
 * Fits a model on outcomes dealt out anew among the training origins, in sigmas, and compares it on the true outcomes of `test` with the
 * unconditional quantiles of the training outcomes: per horizon, positive z means that it found something where nothing is.
 */
export async function permutedCanary(
  set: DataSet,
  model: LadderModel,
  rows: TrainingRows,
  test: Uint32Array,
  seed: number,
): Promise<LossTest[]> {
  const predictor = await model.fit(withPermutedReturns(set, rows, seed), rows, seed);
  const quantiles = predictor.predict(set, test);
  const { horizonBars, dayBars } = set.schema;
  const horizons = horizonBars.length;
  return horizonBars.map((bars, h) => {
    const shape = unconditional(set, rows.training, h);
    const own = new Float64Array(test.length);
    const plain = new Float64Array(test.length);
    test.forEach((row, index) => {
      const at = (index * horizons + h) * LEVELS;
      const logReturn = set.returns[row * horizons + h] as number;
      const sigma = set.sigmas[row * horizons + h] as number;
      own[index] = toCrps([...quantiles.subarray(at, at + LEVELS)], logReturn) / sigma;
      plain[index] = toCrps(shape, logReturn / sigma);
    });
    return dieboldMariano(plain, own, lagOf(bars, dayBars), bars);
  });
}

function withPermutedReturns(set: DataSet, { training, validation }: TrainingRows, seed: number): DataSet {
  const horizons = set.schema.horizons.length;
  const returns = set.returns.slice();
  const random = createRandom(seed);
  for (const rows of [training, validation]) {
    const order = rows.slice();
    random.shuffle(order);
    rows.forEach((row, index) => {
      const other = order[index] as number;
      for (let h = 0; h < horizons; h++) {
        const inSigmas = (set.returns[other * horizons + h] as number) / (set.sigmas[other * horizons + h] as number);
        returns[row * horizons + h] = inSigmas * (set.sigmas[row * horizons + h] as number);
      }
    });
  }
  return { ...set, returns };
}

function unconditional(set: DataSet, rows: Uint32Array, horizon: number): number[] {
  const horizons = set.schema.horizons.length;
  const all = createTrailingQuantiles(rows.length);
  for (const row of rows) all.push((set.returns[row * horizons + horizon] as number) / (set.sigmas[row * horizons + horizon] as number));
  return QUANTILE_LEVELS.map((level) => all.at(level));
}
