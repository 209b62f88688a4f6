import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../../features/feature-schema.ts';
import { joinInput, WINDOW_FLOATS } from '../../features/model-input.ts';
import { exportQuantileLstm } from '../../onnx/export-quantile-lstm.ts';
import { openOnnxSession } from '../../onnx/onnx-session.ts';
import { loadNativeTensorflow } from '../../testing/native-tensorflow.ts';
import { randomScaler, randomWeights, randomWindows } from '../../testing/random-network.ts';
import { stockEngine } from '../../testing/stock-lstm.ts';
import { createRandom } from '../random.ts';
import { scaleWindows } from '../scaler.ts';
import { createNetwork, fusedEngine, type LstmEngine, type NetworkWeights } from './network.ts';
import { prepareTensorflow } from './tensorflow.ts';
import { trainStep } from './train-network.ts';

const UNITS = 6;
const ROWS = 16;
const STEPS = 20;
const HORIZONS = SERVED_HORIZONS.length;
const SETTINGS = { learningRate: 1e-3, weightDecay: 1e-2, clipNorm: 1 };
const scaler = randomScaler(1);
const SIGMAS = new Float32Array(HORIZONS).fill(1);

interface Training {
  readonly losses: readonly number[];
  readonly weights: NetworkWeights;
  readonly onnx: Uint8Array;
}

/** Takes twenty steps from the same weights over the same batches, twenty different ones. */
function train(engine: LstmEngine): Training {
  const network = createNetwork({ batch: ROWS, steps: LOOKBACK_STEPS, inputs: FEATURES.length, units: UNITS }, createRandom(1), engine);
  const optimizer = tf.train.adam(SETTINGS.learningRate);
  try {
    // A head of zeros gives the LSTM no gradient.
    network.assign(randomWeights(2, UNITS, 0.3));
    const losses = Array.from({ length: STEPS }, (_, step) => {
      const random = createRandom(100 + step);
      const targets = tf.tensor2d(
        Float32Array.from({ length: ROWS * HORIZONS }, () => random.normal()),
        [ROWS, HORIZONS],
      );
      const windows = scaleWindows(randomWindows(step, ROWS), scaler);
      const loss = trainStep(network, optimizer, { windows, targets, rows: ROWS }, SETTINGS);
      targets.dispose();
      return loss;
    });
    const weights = network.read();
    return { losses, weights, onnx: exportQuantileLstm(weights, scaler, LOOKBACK_STEPS, {}) };
  } finally {
    network.dispose();
    optimizer.dispose();
  }
}

async function serve(onnx: Uint8Array): Promise<number[]> {
  const windows = randomWindows(999, ROWS);
  const session = await openOnnxSession(onnx);
  const inputs = Array.from({ length: ROWS }, (_, row) =>
    joinInput(windows.subarray(row * WINDOW_FLOATS, (row + 1) * WINDOW_FLOATS), SIGMAS),
  );
  const grids = await session.run(inputs);
  await session.release();
  return grids.flatMap((grid) => [...grid]);
}

function largestDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? Number.NaN))), 0);
}

const nativeObstacle = await loadNativeTensorflow();
const ENGINES: readonly { name: string; backend: string; engine: LstmEngine; obstacle?: string | undefined }[] = [
  { name: 'tf.layers.lstm on the same backend', backend: 'cpu', engine: stockEngine },
  { name: 'tf.layers.lstm on tfjs-node', backend: 'tensorflow', engine: stockEngine, obstacle: nativeObstacle },
  { name: 'the fused layer on tfjs-node', backend: 'tensorflow', engine: fusedEngine, obstacle: nativeObstacle },
];

describe('engines of the LSTM', () => {
  let ours: Training;

  beforeAll(async () => {
    await prepareTensorflow();
    ours = train(fusedEngine);
  });
  afterAll(async () => void (await tf.setBackend('cpu')));

  it('learn something in these twenty steps', () => {
    const start = randomWeights(2, UNITS, 0.3);
    for (const name of Object.keys(start) as (keyof NetworkWeights)[])
      expect(largestDistance(ours.weights[name], start[name])).toBeGreaterThan(5e-3);
  });

  it('come out the same, byte by byte, when they train again', () => {
    expect(Buffer.from(train(fusedEngine).onnx).equals(Buffer.from(ours.onnx))).toBe(true);
  });

  describe.each(ENGINES)('ours and $name', ({ backend, engine, obstacle }) => {
    const title = `agree to 1e-4 in losses, weights and what their ONNX files say, after ${STEPS} steps from the same seed and data`;
    it.skipIf(obstacle !== undefined)(obstacle ? `${title} (tfjs-node: ${obstacle})` : title, async () => {
      await tf.setBackend(backend);
      const other = train(engine);
      expect(largestDistance(ours.losses, other.losses)).toBeLessThan(1e-4);
      for (const name of Object.keys(ours.weights) as (keyof NetworkWeights)[])
        expect(largestDistance(ours.weights[name], other.weights[name])).toBeLessThan(1e-4);
      expect(largestDistance(await serve(ours.onnx), await serve(other.onnx))).toBeLessThan(1e-4);
    });
  });
});
