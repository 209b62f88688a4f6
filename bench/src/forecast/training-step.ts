import * as tf from '@tensorflow/tfjs-core';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../../../apps/forecaster/src/features/feature-schema.ts';
import { createNetwork, fusedEngine, type LstmEngine } from '../../../apps/forecaster/src/models/lstm/network.ts';
import { prepareTensorflow } from '../../../apps/forecaster/src/models/lstm/tensorflow.ts';
import { trainStep } from '../../../apps/forecaster/src/models/lstm/train-network.ts';
import { createRandom } from '../../../apps/forecaster/src/models/random.ts';
import { loadNativeTensorflow } from '../../../apps/forecaster/src/testing/native-tensorflow.ts';
import { randomWindows } from '../../../apps/forecaster/src/testing/random-network.ts';
import { stockEngine } from '../../../apps/forecaster/src/testing/stock-lstm.ts';
import type { Report } from '../measure/report.ts';
import { percentile } from '../measure/timing.ts';
import { timeTorchSteps } from './torch-steps.ts';

/** The recipe that is trained (`lstm-short`). */
const RECIPE = { batch: 256, units: 24, learningRate: 2e-4, weightDecay: 1e-2, clipNorm: 1 };
const EPOCH_STEPS = Math.ceil(20_000 / RECIPE.batch);
const ROUNDS = 4;
const OURS_A_ROUND = 10;

/** Measures a step of training, from windows to moved weights, on our engine and on others, in turns and in this process where they run in it. */
export async function measureTrainingStep(report: Report): Promise<void> {
  await prepareTensorflow();
  report.section(
    `A step of training: ${RECIPE.batch} windows of ${LOOKBACK_STEPS} steps by ${FEATURES.length} features, ${RECIPE.units} units, head, loss and optimizer`,
  );
  const [ours, stock] = [prepareSteps(fusedEngine), prepareSteps(stockEngine)];
  const taken = { ours: [] as number[], stock: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < OURS_A_ROUND; index++) taken.ours.push(ours.step());
    taken.stock.push(stock.step());
  }
  const [fused, plain] = [percentile(taken.ours, 0.5), percentile(taken.stock, 0.5)];
  report.figure({ what: 'fused layer, a step, median', value: fused, unit: 'ms' });
  report.figure({ what: `fused layer, an epoch of 20,000 windows (${EPOCH_STEPS} steps)`, value: timeEpoch(ours), unit: 's' });
  report.figure({ what: 'tf.layers.lstm on the same backend, a step, median', value: plain, unit: 'ms' });
  report.figure({ what: `tf.layers.lstm, an epoch: ${EPOCH_STEPS} such steps`, value: (plain * EPOCH_STEPS) / 1_000, unit: 's' });
  report.figure({ what: 'the stock layer takes so many times as long', value: plain / fused, unit: 'ratio', goal: { atLeast: 10 } });
  for (const { dispose } of [ours, stock]) dispose();
  await measureNative(report);
  const torch = timeTorchSteps(RECIPE, { steps: LOOKBACK_STEPS, inputs: FEATURES.length, horizons: SERVED_HORIZONS.length });
  if (typeof torch === 'string') report.skip('PyTorch on one thread, a step, median', torch);
  else {
    report.figure({ what: 'PyTorch on one thread, a step, median', value: torch.medianMs, unit: 'ms' });
    report.figure({ what: 'ours takes so many times as long', value: fused / torch.medianMs, unit: 'ratio', goal: { atMost: 1.2 } });
  }
}

async function measureNative(report: Report): Promise<void> {
  const what = 'tf.layers.lstm on tfjs-node, a step, median';
  const obstacle = await loadNativeTensorflow();
  if (obstacle !== undefined) {
    report.skip(what, obstacle);
    return;
  }
  await tf.setBackend('tensorflow');
  const steps = prepareSteps(stockEngine);
  const taken = Array.from({ length: OURS_A_ROUND }, () => steps.step());
  steps.dispose();
  await tf.setBackend('cpu');
  report.figure({ what, value: percentile(taken, 0.5), unit: 'ms' });
}

interface Steps {
  /** Takes one and returns how many milliseconds that took. */
  step(): number;
  dispose(): void;
}

/** Builds a network and takes one step, in which whatever is made once is made. */
function prepareSteps(engine: LstmEngine): Steps {
  const { batch, units, learningRate } = RECIPE;
  const network = createNetwork({ batch, steps: LOOKBACK_STEPS, inputs: FEATURES.length, units }, createRandom(1), engine);
  const optimizer = tf.train.adam(learningRate);
  const windows = randomWindows(1, batch);
  const targets = tf.randomNormal([batch, SERVED_HORIZONS.length], 0, 1, 'float32', 1) as tf.Tensor2D;
  const step = () => {
    const startedAt = performance.now();
    trainStep(network, optimizer, { windows, targets, rows: batch }, RECIPE);
    return performance.now() - startedAt;
  };
  step();
  return {
    step,
    dispose: () => {
      network.dispose();
      optimizer.dispose();
      targets.dispose();
    },
  };
}

function timeEpoch({ step }: Steps): number {
  return Array.from({ length: EPOCH_STEPS }, step).reduce((sum, taken) => sum + taken, 0) / 1_000;
}
