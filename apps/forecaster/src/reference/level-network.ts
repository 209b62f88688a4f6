import * as tf from '@tensorflow/tfjs-core';
import { fusedLstm } from '../models/lstm/fused-lstm.ts';
import { prepareTensorflow } from '../models/lstm/tensorflow.ts';
import { createLstmWorkspace } from '../models/lstm/workspace.ts';
import { createAdamW } from '../models/nets/adam-w.ts';
import { fusedDense } from '../models/nets/fused-dense.ts';
import { lstmSequence } from '../models/nets/lstm-sequence.ts';
import { filled, glorot } from '../models/nets/net-body.ts';
import { createRandom, type Random } from '../models/random.ts';

/** A network that is asked for the next levels themselves, as the published ones are. */
export interface LevelNetworkOptions {
  /** Units of each LSTM layer, lowest first. */
  readonly layers: readonly number[];
  readonly lookback: number;
  /** Levels ahead that are forecast at once. */
  readonly outputs: number;
  readonly epochs: number;
  readonly seed: number;
}

/** Inputs [rows, columns] step by step, of which the first column is the level. A window ends at a row; its targets are the levels after it. */
export interface LevelData {
  readonly values: Float32Array;
  readonly columns: number;
  /** Rows at which windows for training end. */
  readonly training: Uint32Array;
  /** Rows at which windows to be forecast end. */
  readonly test: Uint32Array;
}

const BATCH = 64;
const LEARNING_RATE = 1e-3;
const CLIP_NORM = 10;

interface LevelNetwork {
  readonly variables: readonly tf.Variable[];
  apply(x: Float32Array, rows: number): tf.Tensor2D;
}

/** Trains by Adam on the mean squared error and returns the forecasts of training and test rows, [rows, outputs]. Calls `onEpoch` after each epoch. */
export async function runLevelNetwork(
  data: LevelData,
  options: LevelNetworkOptions,
  onEpoch: (epoch: number, mse: number) => void,
): Promise<{ training: Float32Array; test: Float32Array }> {
  await prepareTensorflow();
  const random = createRandom(options.seed);
  const network = createLevelNetwork(data.columns, options, random);
  const optimizer = createAdamW(network.variables, 0, CLIP_NORM);
  const order = data.training.slice();
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    random.shuffle(order);
    let total = 0;
    for (let from = 0; from < order.length; from += BATCH) {
      const rows = order.subarray(from, from + BATCH);
      total +=
        rows.length *
        step(network, optimizer, windowsOf(data, rows, options.lookback), targetsOf(data, rows, options.outputs), options.outputs);
    }
    onEpoch(epoch, total / order.length);
  }
  const forecast = (rows: Uint32Array) => forecastRows(network, data, rows, options);
  const result = { training: forecast(data.training), test: forecast(data.test) };
  for (const variable of network.variables) variable.dispose();
  return result;
}

function createLevelNetwork(inputs: number, { layers, lookback, outputs }: LevelNetworkOptions, random: Random): LevelNetwork {
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
  const [kernel, bias] = [glorot(last, outputs, random), filled([outputs])];
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

function step(network: LevelNetwork, optimizer: ReturnType<typeof createAdamW>, x: Float32Array, y: Float32Array, outputs: number): number {
  const rows = y.length / outputs;
  return tf.tidy(() => {
    const targets = tf.tensor2d(y, [rows, outputs]);
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(tf.sub(network.apply(x, rows), targets))) as tf.Scalar,
      network.variables as tf.Variable[],
    );
    optimizer.step(grads, LEARNING_RATE);
    return value.dataSync()[0] ?? Number.NaN;
  });
}

function forecastRows(network: LevelNetwork, data: LevelData, rows: Uint32Array, { lookback, outputs }: LevelNetworkOptions): Float32Array {
  const out = new Float32Array(rows.length * outputs);
  for (let from = 0; from < rows.length; from += BATCH) {
    const part = rows.subarray(from, from + BATCH);
    tf.tidy(() => out.set(network.apply(windowsOf(data, part, lookback), part.length).dataSync<'float32'>(), from * outputs));
  }
  return out;
}

function windowsOf({ values, columns }: LevelData, rows: Uint32Array, lookback: number): Float32Array {
  const windows = new Float32Array(rows.length * lookback * columns);
  rows.forEach((row, index) => {
    windows.set(values.subarray((row - lookback + 1) * columns, (row + 1) * columns), index * lookback * columns);
  });
  return windows;
}

function targetsOf({ values, columns }: LevelData, rows: Uint32Array, outputs: number): Float32Array {
  return Float32Array.from({ length: rows.length * outputs }, (_, index) => {
    const row = rows[Math.floor(index / outputs)] as number;
    return values[(row + 1 + (index % outputs)) * columns] as number;
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
