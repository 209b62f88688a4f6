import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';
import { fusedDense } from './fused-dense.ts';

/** What a network is given of a batch. */
export interface NetBatch {
  readonly rows: number;
  /** Scaled context, [rows, columns]. */
  readonly context: tf.Tensor2D;
  /** Scaled sequences, [rows, lookback, SEQUENCE_COLUMNS]; empty for networks that read none. */
  readonly sequence: Float32Array;
}

/** What networks are built for. */
export interface NetShape {
  readonly batch: number;
  readonly context: number;
  readonly steps: number;
  readonly inputs: number;
}

/** The part of a network below the quantile head. */
export interface NetBody {
  /** Columns that it hands to the head. */
  readonly width: number;
  readonly readsSequence: boolean;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Returns [rows, width]; drops units out where `dropout` is given. */
  apply(batch: NetBatch, dropout: Random | undefined): tf.Tensor2D;
}

/** A dense layer with the SiLU activation and dropout after it. */
export interface DenseLayer {
  readonly variables: readonly [kernel: tf.Variable, bias: tf.Variable];
  apply(x: tf.Tensor2D, dropout: Random | undefined): tf.Tensor2D;
}

/** Returns a matrix drawn at random (Glorot, uniform). */
export function glorot(rows: number, columns: number, random: Random): tf.Variable {
  const limit = Math.sqrt(6 / (rows + columns));
  const values = Float32Array.from({ length: rows * columns }, () => limit * (2 * random.uniform() - 1));
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [rows, columns])));
}

/** Returns a matrix or row of one value. */
export function filled(shape: number[], value = 0): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill(shape, value)));
}

/** Returns a dense layer; `rate` is the share of its units that is dropped out in training. */
export function denseLayer(inputs: number, units: number, rate: number, random: Random): DenseLayer {
  const kernel = glorot(inputs, units, random);
  const bias = filled([units]);
  return {
    variables: [kernel, bias],
    apply(x, dropout) {
      const sum = fusedDense(x, kernel, bias);
      const activated = tf.mul(sum, tf.sigmoid(sum)) as tf.Tensor2D;
      return dropout && rate > 0 ? tf.mul(activated, dropMask(activated.shape, rate, dropout)) : activated;
    },
  };
}

/** What is kept is raised, so that the sum stays what it was. */
function dropMask(shape: [number, number], rate: number, random: Random): tf.Tensor2D {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
  return tf.tensor2d(values, shape);
}
