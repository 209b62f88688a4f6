import { QUANTILE_LEVELS } from '@candlecast/domain';
import jstat from 'jstat';
import type { DataSet } from '../../dataset/data-set.ts';
import { contextWidth, fitRows, scaleRows } from '../context-scaler.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { writeNormal } from './series-model.ts';

/** Inputs and outcomes of one horizon for a classifier: scaled rows [rows, width] whose last column is 1, and whether the price rose. */
export interface DirectionRows {
  readonly width: number;
  readonly inputs: Float32Array;
  readonly isUp: Uint8Array;
}

/** Returns the probability of a rise for scaled inputs that end in 1. */
export type Classifier = (inputs: Float32Array) => number;

/** A model of direction alone. */
export interface DirectionModel {
  readonly name: string;
  readonly description: string;
  fit(training: DirectionRows, validation: DirectionRows, seed: number): { classify: Classifier; card: Record<string, unknown> };
}

const LIMIT = 4;
/** Overlapping outcomes say much the same: every third origin is enough. */
const STRIDE = 3;
const LEAST_P = 0.02;
const LEVELS = QUANTILE_LEVELS.length;

/**
 * Returns a classifier of each horizon's direction, pooled over instruments, as a row of the ladder: its quantiles are the tuned
 * EWMA-normal's, moved so that the probability of a rise is the classifier's.
 */
export function directionModel(model: DirectionModel): LadderModel {
  return {
    name: model.name,
    family: 'direction',
    description: model.description,
    async fit(trained, rows, seed) {
      const width = contextWidth(trained);
      const scaler = fitRows(trained.context, width, rows.training);
      const classifiers = trained.schema.horizons.map((_, horizon) =>
        model.fit(gather(trained, rows.training, horizon, scaler), gather(trained, rows.validation, horizon, scaler), seed),
      );
      return {
        card: Object.fromEntries(trained.schema.horizons.map((horizon, index) => [horizon, classifiers[index]?.card])),
        predict(set, wanted) {
          const horizons = set.schema.horizons.length;
          const out = new Float32Array(wanted.length * horizons * LEVELS);
          const inputs = new Float32Array(width + 1).fill(1);
          wanted.forEach((row, index) => {
            inputs.set(scaleRows(set.context.subarray(row * width, (row + 1) * width), scaler, LIMIT));
            classifiers.forEach(({ classify }, horizon) => {
              const p = Math.min(1 - LEAST_P, Math.max(LEAST_P, classify(inputs)));
              const sigma = set.sigmas[row * horizons + horizon] as number;
              const at = (index * horizons + horizon) * LEVELS;
              writeNormal(out.subarray(at, at + LEVELS), jstat.normal.inv(p, 0, 1) * sigma, sigma);
            });
          });
          return out;
        },
      };
    },
  };
}

function gather(set: DataSet, rows: TrainingRows['training'], horizon: number, scaler: Parameters<typeof scaleRows>[1]): DirectionRows {
  const width = contextWidth(set);
  const horizons = set.schema.horizons.length;
  const moved = rows.filter((row, index) => index % STRIDE === 0 && set.returns[row * horizons + horizon] !== 0);
  const inputs = new Float32Array(moved.length * (width + 1)).fill(1);
  moved.forEach((row, index) => {
    inputs.set(scaleRows(set.context.subarray(row * width, (row + 1) * width), scaler, LIMIT), index * (width + 1));
  });
  return {
    width: width + 1,
    inputs,
    isUp: Uint8Array.from(moved, (row) => ((set.returns[row * horizons + horizon] as number) > 0 ? 1 : 0)),
  };
}
