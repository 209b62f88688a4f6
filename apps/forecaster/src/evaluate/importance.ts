import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../dataset/data-set.ts';
import { columnsOfGroup, contextColumns, featureGroups, SEQUENCE_COLUMNS } from '../features/bar-schema.ts';
import type { LadderPredictor } from '../models/ladder/ladder-model.ts';
import { createRandom } from '../models/random.ts';
import { toCrps } from '../score/score-forecast.ts';

/** By how much of itself the CRPS over each horizon rises when a group is another origin's: per group, in the order of the schema's horizons. */
export type Importance = Readonly<Record<string, readonly number[]>>;

/** Every so many origins are looked at. */
const STRIDE = 3;
/** The sequences are another time's when they are moved by this many bars. */
const SEQUENCE_SHIFT = 1_009;
const LEVELS = QUANTILE_LEVELS.length;

/** Measures what a fitted model loses on `rows` when one group of features after the other is permuted among them (Breiman 2001). */
export function permutationImportance(set: DataSet, rows: Uint32Array, predictor: LadderPredictor, seed: number): Importance {
  const looked = rows.filter((_, index) => index % STRIDE === 0);
  const whole = meanCrps(set, looked, predictor.predict(set, looked));
  const rise = (changed: DataSet) =>
    meanCrps(set, looked, predictor.predict(changed, looked)).map((crps, h) => crps / (whole[h] as number) - 1);
  return {
    ...Object.fromEntries(
      featureGroups(set.schema).map((group) => [group, rise(permuted(set, looked, columnsOfGroup(set.schema, group), seed))]),
    ),
    sequence: rise(moved(set)),
  };
}

function permuted(set: DataSet, rows: Uint32Array, columns: readonly number[], seed: number): DataSet {
  const width = contextColumns(set.schema).length;
  const context = set.context.slice();
  const order = rows.slice();
  createRandom(seed).shuffle(order);
  rows.forEach((row, index) => {
    for (const column of columns) context[row * width + column] = set.context[(order[index] as number) * width + column] as number;
  });
  return { ...set, context };
}

function moved(set: DataSet): DataSet {
  const width = SEQUENCE_COLUMNS.length;
  const sequence = new Float32Array(set.sequence.length);
  const shift = Math.min(SEQUENCE_SHIFT, set.bars >> 1) * width;
  for (let s = 0; s < set.series.length; s++) {
    const own = set.sequence.subarray(s * set.bars * width, (s + 1) * set.bars * width);
    sequence.set(own.subarray(own.length - shift), s * set.bars * width);
    sequence.set(own.subarray(0, own.length - shift), s * set.bars * width + shift);
  }
  return { ...set, sequence };
}

/** Returns the mean CRPS over each horizon. */
function meanCrps(set: DataSet, rows: Uint32Array, quantiles: Float32Array): number[] {
  const horizons = set.schema.horizons.length;
  const sums = new Array<number>(horizons).fill(0);
  rows.forEach((row, index) => {
    for (let h = 0; h < horizons; h++) {
      const at = (index * horizons + h) * LEVELS;
      sums[h] = (sums[h] as number) + toCrps([...quantiles.subarray(at, at + LEVELS)], set.returns[row * horizons + h] as number);
    }
  });
  return sums.map((sum) => sum / rows.length);
}
