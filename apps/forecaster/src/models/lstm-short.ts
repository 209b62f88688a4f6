import { AppError, addMs, type EpochMs, MINUTE_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { toScaledPart } from '../champion/clipped-share.ts';
import { FEATURE_SCHEMA, FEATURES, HORIZON_MINUTES, LOOKBACK_STEPS, SERVED_HORIZONS, STEP_MINUTES } from '../features/feature-schema.ts';
import { INPUT_LAYOUTS, joinInput, WINDOW_FLOATS } from '../features/model-input.ts';
import { HISTORY_MINUTES } from '../features/sigma.ts';
import { exportQuantileLstm } from '../onnx/export-quantile-lstm.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import type { Estimator, TrainedModel } from './estimator.ts';
import { createNetwork } from './lstm/network.ts';
import { prepareTensorflow } from './lstm/tensorflow.ts';
import { type TrainedNetwork, type TrainingSettings, trainNetwork } from './lstm/train-network.ts';
import { createRandom } from './random.ts';
import { fitScaler, type Scaler, scaleWindows } from './scaler.ts';
import { buildTrainingSet, type TrainingSet, type WindowSet } from './training-set.ts';

/** Largest difference between the trainer's and the runtime's quantiles, in sigmas, with which a model may be published. */
const PARITY_TOLERANCE = 1e-5;
const PARITY_WINDOWS = 512;

/** A prime number of minutes between training windows, so that they fall on every minute of the hour, as served ones do. */
const ORIGIN_MINUTES = 29;

const SETTINGS = { units: 24, batch: 256, epochs: 12, learningRate: 2e-4, weightDecay: 1e-2, clipNorm: 1, patience: 3 } as const;

/**
 * The LSTM of a short history: one network for all instruments, trained on whatever weeks of 1m candles are stored. How well it forecasts is
 * not known: its validation windows chose its weights and are no evidence.
 */
export const lstmShort: Estimator = {
  name: 'lstm-short',
  async train(histories, seed, onProgress) {
    await prepareTensorflow();
    const startedAt = performance.now();
    const set = buildTrainingSet(histories, ORIGIN_MINUTES);
    const scaler = fitScaler(set.training.windows, FEATURES.length);
    const settings: TrainingSettings = { ...SETTINGS, seed };
    const trained = trainNetwork(set, scaler, settings, (epoch, validationLoss, baselineLoss) =>
      onProgress({ epoch, epochs: settings.epochs, validationLoss, baselineLoss }),
    );
    const onnx = exportQuantileLstm(trained.weights, scaler, LOOKBACK_STEPS, toMetadata());
    const parity = await checkParity(trained, scaler, set.validation, onnx);
    return {
      name: lstmShort.name,
      kind: 'LSTM',
      file: onnx,
      fileName: 'model.onnx',
      trainedFrom: addMs(timeOf(set.training.asOf, 0), -HISTORY_MINUTES * MINUTE_MS),
      // Through the last outcome that had a say: early stopping looked at the validation windows'.
      trainedThrough: addMs(timeOf(set.validation.asOf, -1), Math.max(...HORIZON_MINUTES) * MINUTE_MS),
      featureSchema: FEATURE_SCHEMA,
      card: {
        ...toCard(set, settings, trained),
        scaled: [toScaledPart(0, WINDOW_FLOATS, scaler)],
        parity,
        trainingMs: Math.round(performance.now() - startedAt),
      },
    } satisfies TrainedModel;
  },
};

/** Compares the trainer's quantiles with the runtime's on validation windows; throws `onnx_parity` when they are too far apart. */
async function checkParity(
  trained: TrainedNetwork,
  scaler: Scaler,
  validation: WindowSet,
  onnx: Uint8Array,
): Promise<{ windows: number; largestDifference: number }> {
  const rows = Math.min(PARITY_WINDOWS, validation.size);
  const windows = validation.windows.subarray(0, rows * WINDOW_FLOATS);
  const network = createNetwork({ batch: rows, steps: LOOKBACK_STEPS, inputs: FEATURES.length, units: SETTINGS.units }, createRandom(0));
  const session = await openOnnxSession(onnx);
  try {
    network.assign(trained.weights);
    const quantiles = network.apply(scaleWindows(windows, scaler), rows);
    const expected = quantiles.dataSync<'float32'>();
    quantiles.dispose();
    const sigmas = new Float32Array(SERVED_HORIZONS.length).fill(1);
    const inputs = Array.from({ length: rows }, (_, row) =>
      joinInput(windows.subarray(row * WINDOW_FLOATS, (row + 1) * WINDOW_FLOATS), sigmas),
    );
    const served = (await session.run(inputs)).flatMap((grid) => [...grid]);
    const largestDifference = served.reduce(
      (largest, value, index) => Math.max(largest, Math.abs(value - (expected[index] ?? Number.NaN))),
      0,
    );
    if (!(largestDifference <= PARITY_TOLERANCE)) {
      throw new AppError(
        'onnx_parity',
        `the exported model is ${largestDifference} sigmas off the trained one, more than ${PARITY_TOLERANCE}`,
      );
    }
    return { windows: rows, largestDifference };
  } finally {
    network.dispose();
    await session.release();
  }
}

function toMetadata(): Record<string, string> {
  return {
    feature_schema: String(FEATURE_SCHEMA),
    features: FEATURES.join(','),
    step_minutes: String(STEP_MINUTES),
    horizons: SERVED_HORIZONS.join(','),
    levels: QUANTILE_LEVELS.join(','),
    output: 'quantiles of ln(price at target / price at asOf)',
  };
}

function toCard(set: TrainingSet, settings: TrainingSettings, trained: TrainedNetwork): Record<string, unknown> {
  return {
    description: 'One LSTM for all instruments on 1m candles, trained on the first stored weeks',
    evaluation: 'none: the validation windows chose the weights, so their loss says nothing about skill',
    horizons: SERVED_HORIZONS,
    levels: QUANTILE_LEVELS,
    features: FEATURES,
    lookback: { steps: LOOKBACK_STEPS, stepMinutes: STEP_MINUTES },
    input: INPUT_LAYOUTS.windowAndSigmas,
    settings: { ...settings, originMinutes: ORIGIN_MINUTES },
    windows: { training: set.training.size, validation: set.validation.size },
    cutoff: set.cutoff,
    validationFrom: timeOf(set.validation.asOf, 0),
    validationThrough: timeOf(set.validation.asOf, -1),
    loss: { baseline: trained.baselineLoss, validation: trained.validationLoss },
    bestEpoch: trained.bestEpoch,
    epochs: trained.epochs,
  };
}

function timeOf(times: Float64Array, index: number): EpochMs {
  return times.at(index) as EpochMs;
}
