import * as tf from '@tensorflow/tfjs-core';
import { fusedLstm } from '../lstm/fused-lstm.ts';
import { prepareTensorflow } from '../lstm/tensorflow.ts';
import { createLstmWorkspace } from '../lstm/workspace.ts';
import { createRandom, type Random } from '../random.ts';
import { createAdamW } from './adam-w.ts';
import { fusedDense } from './fused-dense.ts';
import { lstmSequence } from './lstm-sequence.ts';
import { filled, glorot } from './net-body.ts';

/** A network that is asked for the next levels themselves, as the published ones are. */
export interface LevelNetworkOptions {
  /** Units of each LSTM layer, lowest first. */
  readonly layers: readonly number[];
  /** Steps of a window. */
  readonly lookback: number;
  /** Rows between two steps of a window. */
  readonly stepRows: number;
  /** How many rows ahead each output is. */
  readonly ahead: readonly number[];
  readonly epochs: number;
  /** Windows of one epoch, at most. */
  readonly windows: number;
  readonly seed: number;
}

/** Inputs [rows, columns], of which the first column is the level. A window ends at a row; its targets are levels after it. */
export interface LevelInputs {
  readonly values: Float32Array;
  readonly columns: number;
}

/** A trained network. */
export interface LevelNetwork {
  /** Returns the levels ahead of the windows that end at `rows`, [rows, outputs]. */
  forecast(inputs: LevelInputs, rows: Uint32Array): Float32Array;
  /** Frees its weights. */
  dispose(): void;
}

const BATCH = 64;
const LEARNING_RATE = 1e-3;
const CLIP_NORM = 10;

interface Layers {
  readonly variables: readonly tf.Variable[];
  apply(x: Float32Array, rows: number): tf.Tensor2D;
}

/** Trains by Adam on the mean squared error over the windows that end at `training`. Calls `onEpoch` after each epoch. */
export async function trainLevelNetwork(
  inputs: LevelInputs,
  training: Uint32Array,
  options: LevelNetworkOptions,
  onEpoch: (epoch: number, mse: number) => void,
): Promise<LevelNetwork> {
  await prepareTensorflow();
  const random = createRandom(options.seed);
  const layers = createLayers(inputs.columns, options, random);
  const optimizer = createAdamW(layers.variables, 0, CLIP_NORM);
  const order = training.slice();
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    random.shuffle(order);
    const drawn = order.subarray(0, options.windows);
    let total = 0;
    for (let from = 0; from < drawn.length; from += BATCH) {
      const rows = drawn.subarray(from, from + BATCH);
      total += rows.length * step(layers, optimizer, windowsOf(inputs, rows, options), targetsOf(inputs, rows, options), rows.length);
    }
    onEpoch(epoch, total / drawn.length);
  }
  return {
    forecast: (other, rows) => forecastRows(layers, other, rows, options),
    dispose() {
      for (const variable of layers.variables) variable.dispose();
    },
  };
}

function createLayers(inputs: number, { layers, lookback, ahead }: LevelNetworkOptions, random: Random): Layers {
  const last = layers.at(-1) ?? 1;
  const weights = layers.map((units, index) => {
    const below = index === 0 ? inputs : (layers[index - 1] as number);
    const forget = Float32Array.from({ length: 4 * units }, (_, at) => (at >= units && at < 2 * units ? 1 : 0));
    return {
      kernel: glorot(below, 4 * units, random),
      recurrent: glorot(units, 4 * units, random),
      bias: tf.variable(tf.tensor1d(forget)),
    };
  });
  const [kernel, bias] = [glorot(last, ahead.length, random), filled([ahead.length])];
  const variables = [...weights.flatMap((layer) => Object.values(layer)), kernel, bias];
  const [only] = weights;
  if (layers.length === 1 && only) {
    const workspace = createLstmWorkspace({ batch: BATCH, steps: lookback, inputs, units: last });
    return { variables, apply: (x, rows) => fusedDense(fusedLstm(workspace, x, rows, only), kernel, bias) };
  }
  return {
    variables,
    apply(x, rows) {
      const first = tf.tensor2d(toTimeMajor(x, rows, lookback, inputs), [lookback * rows, inputs]);
      const states = weights.reduce<tf.Tensor2D>((below, layer) => lstmSequence(below, rows, layer), first);
      return fusedDense(tf.slice(states, [(lookback - 1) * rows, 0], [rows, last]), kernel, bias);
    },
  };
}

function step(layers: Layers, optimizer: ReturnType<typeof createAdamW>, x: Float32Array, y: Float32Array, rows: number): number {
  return tf.tidy(() => {
    const targets = tf.tensor2d(y, [rows, y.length / rows]);
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(tf.sub(layers.apply(x, rows), targets))) as tf.Scalar,
      layers.variables as tf.Variable[],
    );
    optimizer.step(grads, LEARNING_RATE);
    return value.dataSync()[0] ?? Number.NaN;
  });
}

function forecastRows(layers: Layers, inputs: LevelInputs, rows: Uint32Array, options: LevelNetworkOptions): Float32Array {
  const outputs = options.ahead.length;
  const out = new Float32Array(rows.length * outputs);
  for (let from = 0; from < rows.length; from += BATCH) {
    const part = rows.subarray(from, from + BATCH);
    tf.tidy(() => out.set(layers.apply(windowsOf(inputs, part, options), part.length).dataSync<'float32'>(), from * outputs));
  }
  return out;
}

function windowsOf({ values, columns }: LevelInputs, rows: Uint32Array, { lookback, stepRows }: LevelNetworkOptions): Float32Array {
  const windows = new Float32Array(rows.length * lookback * columns);
  rows.forEach((row, index) => {
    for (let at = 0; at < lookback; at++) {
      const from = (row - (lookback - 1 - at) * stepRows) * columns;
      windows.set(values.subarray(from, from + columns), (index * lookback + at) * columns);
    }
  });
  return windows;
}

function targetsOf({ values, columns }: LevelInputs, rows: Uint32Array, { ahead }: LevelNetworkOptions): Float32Array {
  return Float32Array.from({ length: rows.length * ahead.length }, (_, index) => {
    const row = rows[Math.floor(index / ahead.length)] as number;
    return values[(row + (ahead[index % ahead.length] as number)) * columns] as number;
  });
}

function toTimeMajor(x: Float32Array, rows: number, steps: number, inputs: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < steps; at++) {
      const from = (row * steps + at) * inputs;
      out.set(x.subarray(from, from + inputs), (at * rows + row) * inputs);
    }
  return out;
}
