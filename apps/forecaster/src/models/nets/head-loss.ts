import { QUANTILE_LEVELS } from '@candlecast/domain';
import * as tf from '@tensorflow/tfjs-core';
import { MEDIAN, NORMAL_QUANTILES } from '../normal.ts';
import { INCREMENTS, LOG_INCREMENT_LIMIT } from '../quantile-head.ts';

const LEVELS = QUANTILE_LEVELS.length;
const GAPS = Float64Array.from(
  { length: INCREMENTS },
  (_, index) => (NORMAL_QUANTILES[index + 1] as number) - (NORMAL_QUANTILES[index] as number),
);

/** Columns of a head over `horizons` horizons: the medians, then the log scales, then the log increments horizon by horizon. */
export function headColumns(horizons: number): number {
  return horizons * (2 + INCREMENTS);
}

/** Writes the quantiles of one row and horizon, in sigmas, into `out`; increments go to `increments`. */
function decode(head: Float32Array, row: number, horizon: number, horizons: number, out: Float64Array, increments: Float64Array): void {
  const base = row * headColumns(horizons);
  const median = head[base + horizon] as number;
  const scale = head[base + horizons + horizon] as number;
  for (let i = 0; i < INCREMENTS; i++) {
    const log = scale + (head[base + 2 * horizons + horizon * INCREMENTS + i] as number);
    increments[i] = (GAPS[i] as number) * Math.exp(Math.max(-LOG_INCREMENT_LIMIT, Math.min(LOG_INCREMENT_LIMIT, log)));
  }
  out[MEDIAN] = median;
  for (let level = MEDIAN; level < INCREMENTS; level++) out[level + 1] = (out[level] as number) + (increments[level] as number);
  for (let level = MEDIAN; level > 0; level--) out[level - 1] = (out[level] as number) - (increments[level - 1] as number);
}

/** Returns what a head of `quantile-head.ts` says, [rows, horizons, levels] in sigmas, for its outputs [rows, headColumns]. */
export function toHeadQuantiles(head: Float32Array, rows: number, horizons: number): Float32Array {
  const quantiles = new Float32Array(rows * horizons * LEVELS);
  const out = new Float64Array(LEVELS);
  const increments = new Float64Array(INCREMENTS);
  for (let row = 0; row < rows; row++) {
    for (let horizon = 0; horizon < horizons; horizon++) {
      decode(head, row, horizon, horizons, out, increments);
      quantiles.set(out, (row * horizons + horizon) * LEVELS);
    }
  }
  return quantiles;
}

/**
 * Returns the mean pinball loss of a head's outputs over rows, horizons and levels, differentiable in them. `targets` are log return ÷ sigma,
 * [rows, horizons]. One pass in place of thirty tensor operations.
 */
export function headLoss(head: tf.Tensor2D, targets: Float32Array, horizons: number): tf.Scalar {
  const run = tf.customGrad((...inputs) => {
    const [input] = inputs as tf.Tensor[];
    if (!input) throw new RangeError('a head has one output');
    const { loss, gradient } = lossAndGradient(input.dataSync<'float32'>(), targets, horizons);
    return { value: tf.scalar(loss), gradFunc: (outer: tf.Tensor) => [tf.mul(tf.tensor(gradient, input.shape), outer)] };
  });
  return run(head) as tf.Scalar;
}

/** Returns the loss and its gradient by the head's outputs. */
export function lossAndGradient(head: Float32Array, targets: Float32Array, horizons: number): { loss: number; gradient: Float32Array } {
  const rows = targets.length / horizons;
  const gradient = new Float32Array(head.length);
  const out = new Float64Array(LEVELS);
  const increments = new Float64Array(INCREMENTS);
  const pulls = new Float64Array(LEVELS);
  const share = 1 / (targets.length * LEVELS);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const base = row * headColumns(horizons);
    for (let horizon = 0; horizon < horizons; horizon++) {
      decode(head, row, horizon, horizons, out, increments);
      const target = targets[row * horizons + horizon] as number;
      let all = 0;
      for (let level = 0; level < LEVELS; level++) {
        const tau = QUANTILE_LEVELS[level] as number;
        const error = target - (out[level] as number);
        loss += error >= 0 ? tau * error : (tau - 1) * error;
        pulls[level] = (error >= 0 ? -tau : 1 - tau) * share;
        all += pulls[level] as number;
      }
      gradient[base + horizon] = all;
      // An increment moves every quantile beyond it, away from the median.
      let beyond = 0;
      for (let i = INCREMENTS - 1; i >= MEDIAN; i--) {
        beyond += pulls[i + 1] as number;
        addIncrement(i, beyond);
      }
      beyond = 0;
      for (let i = 0; i < MEDIAN; i++) {
        beyond += pulls[i] as number;
        addIncrement(i, -beyond);
      }

      function addIncrement(i: number, pull: number): void {
        const at = base + 2 * horizons + horizon * INCREMENTS + i;
        const log = (head[base + horizons + horizon] as number) + (head[at] as number);
        if (Math.abs(log) >= LOG_INCREMENT_LIMIT) return;
        const slope = pull * (increments[i] as number);
        gradient[at] = slope;
        gradient[base + horizons + horizon] = (gradient[base + horizons + horizon] as number) + slope;
      }
    }
  }
  return { loss: loss * share, gradient };
}
