import * as tf from '@tensorflow/tfjs-core';
import { HORIZON_MINUTES, LOOKBACK_STEPS } from '../../features/feature-schema.ts';
import { WINDOW_FLOATS } from '../../features/model-input.ts';
import { createRandom } from '../random.ts';
import { type Scaler, scaleWindows } from '../scaler.ts';
import type { TrainingSet, WindowSet } from '../training-set.ts';
import { createNetwork, type Network, type NetworkWeights, pinballLoss } from './network.ts';

/** How a network is trained. */
export interface TrainingSettings {
  readonly units: number;
  readonly batch: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Share of every matrix that is taken off at each step, times the learning rate (decoupled, as AdamW does it). */
  readonly weightDecay: number;
  /** Largest norm of all gradients together. */
  readonly clipNorm: number;
  /** Epochs without a better validation loss before training ends. */
  readonly patience: number;
  readonly seed: number;
}

/** One epoch as it went. Losses are mean pinball losses of log return ÷ sigma. */
export interface Epoch {
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly durationMs: number;
}

/** The weights with the best validation loss; `bestEpoch` 0 means that none was better than the start, which is the baseline. */
export interface TrainedNetwork {
  readonly weights: NetworkWeights;
  readonly baselineLoss: number;
  readonly validationLoss: number;
  readonly bestEpoch: number;
  readonly epochs: readonly Epoch[];
}

/**
 * Trains an LSTM with the quantile head by AdamW on the pinball loss, with clipped gradients and early stopping on the validation
 * windows. Calls `onEpoch` before the first epoch (as epoch 0) and after each.
 */
export function trainNetwork(
  set: TrainingSet,
  scaler: Scaler,
  settings: TrainingSettings,
  onEpoch: (epoch: number, validationLoss: number, baselineLoss: number) => void,
): TrainedNetwork {
  const random = createRandom(settings.seed);
  const inputs = scaler.mean.length;
  const network = createNetwork({ batch: settings.batch, steps: LOOKBACK_STEPS, inputs, units: settings.units }, random);
  const optimizer = tf.train.adam(settings.learningRate);
  try {
    const training = { ...set.training, windows: scaleWindows(set.training.windows, scaler) };
    const validation = { ...set.validation, windows: scaleWindows(set.validation.windows, scaler) };
    const baselineLoss = evaluate(network, validation, settings.batch);
    onEpoch(0, baselineLoss, baselineLoss);
    let best = { weights: network.read(), validationLoss: baselineLoss, bestEpoch: 0 };
    const epochs: Epoch[] = [];
    const order = Uint32Array.from({ length: training.size }, (_, index) => index);
    while (epochs.length < settings.epochs && epochs.length - best.bestEpoch < settings.patience) {
      const startedAt = performance.now();
      random.shuffle(order);
      const trainingLoss = trainEpoch(network, optimizer, training, order, settings);
      const validationLoss = evaluate(network, validation, settings.batch);
      epochs.push({ trainingLoss, validationLoss, durationMs: Math.round(performance.now() - startedAt) });
      if (validationLoss < best.validationLoss) best = { weights: network.read(), validationLoss, bestEpoch: epochs.length };
      onEpoch(epochs.length, validationLoss, baselineLoss);
    }
    return { ...best, baselineLoss, epochs };
  } finally {
    network.dispose();
    optimizer.dispose();
  }
}

/** One batch: scaled windows [rows, steps, features] and log return ÷ sigma, [rows, horizons]. */
export interface Batch {
  readonly windows: Float32Array;
  readonly targets: tf.Tensor2D;
  readonly rows: number;
}

/** Moves a network's weights one step along its clipped gradients, takes the weight decay off, and returns the loss before the step. */
export function trainStep(
  network: Network,
  optimizer: tf.Optimizer,
  { windows, targets, rows }: Batch,
  { clipNorm, learningRate, weightDecay }: Pick<TrainingSettings, 'clipNorm' | 'learningRate' | 'weightDecay'>,
): number {
  const variables = Object.values(network.variables);
  return tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => pinballLoss(network.apply(windows, rows), targets), variables);
    const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient))))).dataSync()[0] ?? 0;
    const factor = Math.min(1, clipNorm / (norm + 1e-12));
    optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.mul(gradient, factor)])));
    for (const matrix of variables) if (matrix.rank > 1) matrix.assign(tf.mul(matrix, 1 - learningRate * weightDecay));
    return value.dataSync()[0] ?? Number.NaN;
  });
}

function trainEpoch(network: Network, optimizer: tf.Optimizer, set: WindowSet, order: Uint32Array, settings: TrainingSettings): number {
  let total = 0;
  for (let from = 0; from < order.length; from += settings.batch) {
    const batch = gather(set, order.subarray(from, from + settings.batch));
    total += trainStep(network, optimizer, batch, settings) * batch.rows;
    batch.targets.dispose();
  }
  return total / order.length;
}

function evaluate(network: Network, set: WindowSet, batch: number): number {
  const order = Uint32Array.from({ length: set.size }, (_, index) => index);
  let total = 0;
  for (let from = 0; from < set.size; from += batch) {
    const { windows, targets, rows } = gather(set, order.subarray(from, from + batch));
    total += tf.tidy(() => pinballLoss(network.apply(windows, rows), targets).dataSync()[0] ?? Number.NaN) * rows;
    targets.dispose();
  }
  return total / set.size;
}

function gather(set: WindowSet, indexes: Uint32Array): Batch {
  const windows = new Float32Array(indexes.length * WINDOW_FLOATS);
  const targets = new Float32Array(indexes.length * HORIZON_MINUTES.length);
  indexes.forEach((index, row) => {
    windows.set(set.windows.subarray(index * WINDOW_FLOATS, (index + 1) * WINDOW_FLOATS), row * WINDOW_FLOATS);
    targets.set(set.targets.subarray(index * HORIZON_MINUTES.length, (index + 1) * HORIZON_MINUTES.length), row * HORIZON_MINUTES.length);
  });
  return { windows, targets: tf.tensor2d(targets, [indexes.length, HORIZON_MINUTES.length]), rows: indexes.length };
}
