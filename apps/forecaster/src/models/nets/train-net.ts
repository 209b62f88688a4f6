import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../dataset/data-set.ts';
import { SEQUENCE_COLUMNS } from '../../features/bar-schema.ts';
import { contextWidth, scaleRows } from '../context-scaler.ts';
import type { TrainingRows } from '../ladder/ladder-model.ts';
import { createRandom, type Random } from '../random.ts';
import type { Scaler } from '../scaler.ts';
import { createAdamW } from './adam-w.ts';
import type { BodyBuilder } from './bodies.ts';
import { fusedDense } from './fused-dense.ts';
import type { HeadStart } from './har-start.ts';
import { headColumns, headLoss, lossAndGradient, toHeadQuantiles } from './head-loss.ts';
import { filled, type NetBatch, type NetBody } from './net-body.ts';

/** A data set, and how its features are scaled on their way into a network. */
export interface ScaledSet {
  readonly set: DataSet;
  readonly context: Scaler;
  readonly sequence: Scaler;
}

/** Scaled values are cut here. */
export const CONTEXT_LIMIT = 4;
export const SEQUENCE_LIMIT = 5;

/** The weights of a network by name, with the head's `headKernel` and `headBias`. */
export type NetWeights = Readonly<Record<string, Float32Array>>;

/** One epoch as it went. */
export interface NetEpoch {
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly learningRate: number;
  readonly durationMs: number;
}

/** How a network is trained; see `NetSettings`. */
interface Settings {
  readonly batch: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly patience: number;
  readonly windows: number;
}

/** The weights with the best validation loss and how they came about; `bestEpoch` 0 is the start. */
export interface TrainedNetwork {
  readonly weights: NetWeights;
  /** Of the EWMA-normal, which is what a head of zeros says. */
  readonly baselineLoss: number;
  readonly startLoss: number;
  readonly validationLoss: number;
  readonly bestEpoch: number;
  readonly epochs: readonly NetEpoch[];
}

interface Net {
  readonly body: NetBody;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  head(batch: NetBatch, dropout: Random | undefined): tf.Tensor2D;
}

const CLIP_NORM = 1;
/** When an epoch is no better, the second time in a row the rate falls to this share. */
const RATE_FACTOR = 0.4;
/** Validation origins overlap: every third is enough to stop by. */
const VALIDATION_STRIDE = 3;
const LEAST_GAIN = 1e-6;

/**
 * Trains a body with the quantile head by AdamW on the pinball loss, with early stopping and a falling rate. Calls `onEpoch` after each. The head
 * begins at `start`, which asks for a body that hands it the context last; at zero without one.
 */
export function trainNet(
  scaled: ScaledSet,
  rows: TrainingRows,
  builder: BodyBuilder,
  settings: Settings,
  seed: number,
  onEpoch: (progress: { epoch: number; trainingLoss: number; validationLoss: number; baselineLoss: number }) => void,
  start?: HeadStart,
): TrainedNetwork {
  const random = createRandom(seed);
  const net = createNet(scaled, builder, settings.batch, random);
  const optimizer = createAdamW(Object.values(net.variables), settings.weightDecay, CLIP_NORM);
  const watched = rows.validation.filter((_, index) => index % VALIDATION_STRIDE === 0);
  try {
    const baselineLoss = evaluate(scaled, watched, net, settings.batch);
    if (start) begin(net, start);
    const startLoss = start ? evaluate(scaled, watched, net, settings.batch) : baselineLoss;
    let best = { weights: read(net), validationLoss: startLoss, bestEpoch: 0 };
    const epochs: NetEpoch[] = [];
    const order = rows.training.slice();
    let learningRate = settings.learningRate;
    while (epochs.length < settings.epochs && epochs.length - best.bestEpoch < settings.patience) {
      const startedAt = performance.now();
      random.shuffle(order);
      const trainingLoss = trainEpoch(scaled, order.subarray(0, settings.windows), net, optimizer, learningRate, settings.batch, random);
      const validationLoss = evaluate(scaled, watched, net, settings.batch);
      epochs.push({ trainingLoss, validationLoss, learningRate, durationMs: Math.round(performance.now() - startedAt) });
      if (validationLoss < best.validationLoss - LEAST_GAIN) best = { weights: read(net), validationLoss, bestEpoch: epochs.length };
      else if (epochs.length - best.bestEpoch > 1) learningRate *= RATE_FACTOR;
      onEpoch({ epoch: epochs.length, trainingLoss, validationLoss, baselineLoss });
    }
    return { ...best, baselineLoss, startLoss, epochs };
  } finally {
    for (const variable of Object.values(net.variables)) variable.dispose();
  }
}

/** Runs trained weights over rows and hands out quantiles in sigmas, [rows, horizons, levels], chunk by chunk from row `from` on. */
export function applyNet(
  scaled: ScaledSet,
  rows: Uint32Array,
  builder: BodyBuilder,
  batch: number,
  weights: NetWeights,
  onChunk: (quantiles: Float32Array, from: number) => void,
): void {
  const net = createNet(scaled, builder, batch, createRandom(0));
  try {
    for (const [name, variable] of Object.entries(net.variables))
      tf.tidy(() => variable.assign(tf.tensor(weights[name] ?? new Float32Array(variable.size), variable.shape)));
    forEachChunk(scaled, rows, net, batch, (head, from, count) => onChunk(toHeadQuantiles(head, count, horizonsOf(scaled)), from));
  } finally {
    for (const variable of Object.values(net.variables)) variable.dispose();
  }
}

function createNet({ set }: ScaledSet, builder: BodyBuilder, batch: number, random: Random): Net {
  const body = builder({ batch, context: contextWidth(set), steps: set.schema.lookback, inputs: SEQUENCE_COLUMNS.length }, random);
  const width = headColumns(set.schema.horizons.length);
  const headKernel = filled([body.width, width]);
  const headBias = filled([width]);
  return {
    body,
    variables: { ...body.variables, headKernel, headBias },
    head: (given, dropout) => fusedDense(body.apply(given, dropout), headKernel, headBias),
  };
}

function begin({ variables }: Net, { kernel, bias }: HeadStart): void {
  const { headKernel, headBias } = variables;
  if (!headKernel || !headBias) throw new RangeError('a network has a head');
  const whole = new Float32Array(headKernel.size);
  whole.set(kernel, whole.length - kernel.length);
  tf.tidy(() => {
    headKernel.assign(tf.tensor(whole, headKernel.shape));
    headBias.assign(tf.tensor(bias, headBias.shape));
  });
}

function trainEpoch(
  scaled: ScaledSet,
  order: Uint32Array,
  net: Net,
  optimizer: ReturnType<typeof createAdamW>,
  learningRate: number,
  batch: number,
  random: Random,
): number {
  const variables = Object.values(net.variables);
  let total = 0;
  for (let from = 0; from < order.length; from += batch) {
    const rows = order.subarray(from, from + batch);
    const targets = targetsOf(scaled.set, rows);
    tf.tidy(() => {
      const given = gather(scaled, rows, net.body.readsSequence);
      const { value, grads } = tf.variableGrads(() => headLoss(net.head(given, random), targets, horizonsOf(scaled)), variables);
      optimizer.step(grads, learningRate);
      total += (value.dataSync()[0] ?? Number.NaN) * rows.length;
    });
  }
  return total / order.length;
}

function evaluate(scaled: ScaledSet, rows: Uint32Array, net: Net, batch: number): number {
  let total = 0;
  forEachChunk(scaled, rows, net, batch, (head, from, count) => {
    total += lossAndGradient(head, targetsOf(scaled.set, rows.subarray(from, from + count)), horizonsOf(scaled)).loss * count;
  });
  return total / rows.length;
}

function forEachChunk(
  scaled: ScaledSet,
  rows: Uint32Array,
  net: Net,
  batch: number,
  onChunk: (head: Float32Array, from: number, count: number) => void,
): void {
  for (let from = 0; from < rows.length; from += batch) {
    const chunk = rows.subarray(from, from + batch);
    tf.tidy(() => {
      onChunk(net.head(gather(scaled, chunk, net.body.readsSequence), undefined).dataSync<'float32'>(), from, chunk.length);
    });
  }
}

function read({ variables }: Net): NetWeights {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.dataSync<'float32'>().slice()]));
}

function gather({ set, context, sequence }: ScaledSet, rows: Uint32Array, readsSequence: boolean): NetBatch {
  const columns = contextWidth(set);
  const { lookback } = set.schema;
  const inputs = SEQUENCE_COLUMNS.length;
  const contexts = new Float32Array(rows.length * columns);
  const sequences = new Float32Array(readsSequence ? rows.length * lookback * inputs : 0);
  rows.forEach((row, index) => {
    contexts.set(scaleRows(set.context.subarray(row * columns, (row + 1) * columns), context, CONTEXT_LIMIT), index * columns);
    if (!readsSequence) return;
    const own = set.sequence.subarray((row - lookback + 1) * inputs, (row + 1) * inputs);
    sequences.set(scaleRows(own, sequence, SEQUENCE_LIMIT), index * lookback * inputs);
  });
  return { rows: rows.length, context: tf.tensor2d(contexts, [rows.length, columns]), sequence: sequences };
}

function targetsOf(set: DataSet, rows: Uint32Array): Float32Array {
  const horizons = set.schema.horizons.length;
  const targets = new Float32Array(rows.length * horizons);
  rows.forEach((row, index) => {
    for (let h = 0; h < horizons; h++)
      targets[index * horizons + h] = (set.returns[row * horizons + h] as number) / (set.sigmas[row * horizons + h] as number);
  });
  return targets;
}

function horizonsOf({ set }: ScaledSet): number {
  return set.schema.horizons.length;
}
