import { QUANTILE_LEVELS } from '@candlecast/domain';
import * as tf from '@tensorflow/tfjs-core';
import { SERVED_HORIZONS } from '../../features/feature-schema.ts';
import { HEAD_COLUMNS, INCREMENTS, LOCATION_MASK, LOG_INCREMENT_LIMIT, SPREADS } from '../quantile-head.ts';
import type { Random } from '../random.ts';
import { fusedLstm, type LstmVariables } from './fused-lstm.ts';
import { createLstmWorkspace, type LstmShape, type LstmWeights } from './workspace.ts';

/** Everything that a trained network knows, in Keras layout; the head's kernel is [units, HEAD_COLUMNS]. */
export interface NetworkWeights extends LstmWeights {
  readonly headKernel: Float32Array;
  readonly headBias: Float32Array;
}

/** An LSTM with the quantile head, on TensorFlow.js. */
export interface Network {
  /** The matrices and biases that training moves. */
  readonly variables: { readonly [K in keyof NetworkWeights]: tf.Variable };
  /** Returns quantiles of log return ÷ sigma, [rows, horizons, levels], for scaled windows [rows, steps, inputs]. */
  apply(x: Float32Array, rows: number): tf.Tensor3D;
  read(): NetworkWeights;
  assign(weights: NetworkWeights): void;
  dispose(): void;
}

/** What computes the LSTM of a network: its variables, and its last outputs [rows, units] for windows [rows, steps, inputs]. */
export interface LstmLayer {
  readonly variables: LstmVariables;
  apply(x: Float32Array, rows: number): tf.Tensor2D;
}

/** Builds an LSTM of a shape that starts from these weights. */
export type LstmEngine = (shape: LstmShape, weights: LstmWeights) => LstmLayer;

const HORIZONS = SERVED_HORIZONS.length;
const LEVELS = QUANTILE_LEVELS.length;

/** The engine that trains: one call of the compiled kernel for all steps. */
export const fusedEngine: LstmEngine = (shape, weights) => {
  const { inputs, units } = shape;
  const workspace = createLstmWorkspace(shape);
  const variables = tf.tidy(() => ({
    kernel: tf.variable(tf.tensor2d(weights.kernel, [inputs, 4 * units])),
    recurrent: tf.variable(tf.tensor2d(weights.recurrent, [units, 4 * units])),
    bias: tf.variable(tf.tensor1d(weights.bias)),
  }));
  return { variables, apply: (x, rows) => fusedLstm(workspace, x, rows, variables) };
};

/** Builds a network whose LSTM is drawn at random (Glorot, forget bias 1) and whose head is zero: it starts as the baseline. */
export function createNetwork(shape: LstmShape, random: Random, engine: LstmEngine = fusedEngine): Network {
  const { inputs, units } = shape;
  const glorot = (rows: number) => {
    const limit = Math.sqrt(6 / (rows + 4 * units));
    return Float32Array.from({ length: rows * 4 * units }, () => limit * (2 * random.uniform() - 1));
  };
  const bias = Float32Array.from({ length: 4 * units }, (_, index) => (index >= units && index < 2 * units ? 1 : 0));
  const lstm = engine(shape, { kernel: glorot(inputs), recurrent: glorot(units), bias });
  const variables = tf.tidy(() => ({
    ...lstm.variables,
    headKernel: tf.variable(tf.zeros([units, HEAD_COLUMNS])),
    headBias: tf.variable(tf.zeros([HEAD_COLUMNS])),
  }));
  const names = Object.keys(variables) as (keyof typeof variables)[];
  return {
    variables,
    apply: (x, rows) => tf.tidy(() => toQuantiles(lstm.apply(x, rows), variables.headKernel, variables.headBias)),
    read: () => Object.fromEntries(names.map((name) => [name, variables[name].dataSync<'float32'>().slice()])) as unknown as NetworkWeights,
    assign: (weights) => {
      for (const name of names) {
        const variable: tf.Variable = variables[name];
        tf.tidy(() => variable.assign(tf.tensor(weights[name], variable.shape)));
      }
    },
    dispose: () => {
      for (const name of names) variables[name].dispose();
    },
  };
}

/** Mean pinball loss over rows, horizons and levels; `targets` are log return ÷ sigma, [rows, horizons]. */
export function pinballLoss(quantiles: tf.Tensor3D, targets: tf.Tensor2D): tf.Scalar {
  const error = tf.sub(tf.expandDims(targets, 2), quantiles);
  const levels = tf.tensor1d([...QUANTILE_LEVELS]);
  return tf.mean(tf.maximum(tf.mul(levels, error), tf.mul(tf.sub(levels, 1), error)));
}

function toQuantiles(state: tf.Tensor2D, headKernel: tf.Tensor, headBias: tf.Tensor): tf.Tensor3D {
  const rows = state.shape[0];
  const out = tf.add(tf.matMul(state, headKernel as tf.Tensor2D), headBias);
  const median = tf.mul(tf.slice(out, [0, 0], [rows, HORIZONS]), tf.tensor1d(LOCATION_MASK));
  const scale = tf.slice(out, [0, HORIZONS], [rows, HORIZONS]);
  const shape = tf.reshape(tf.slice(out, [0, 2 * HORIZONS], [rows, HORIZONS * INCREMENTS]), [rows, HORIZONS, INCREMENTS]);
  const logIncrements = tf.clipByValue(tf.add(shape, tf.expandDims(scale, 2)), -LOG_INCREMENT_LIMIT, LOG_INCREMENT_LIMIT);
  const increments = tf.reshape(tf.exp(logIncrements), [rows * HORIZONS, INCREMENTS]);
  const distances = tf.reshape(tf.matMul(increments as tf.Tensor2D, tf.tensor2d(SPREADS, [INCREMENTS, LEVELS])), [rows, HORIZONS, LEVELS]);
  return tf.add(distances, tf.expandDims(median, 2)) as tf.Tensor3D;
}
