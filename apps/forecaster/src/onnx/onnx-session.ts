import { AppError, QUANTILE_LEVELS } from '@candlecast/domain';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../features/feature-schema.ts';
import { WINDOW_FLOATS, WINDOW_INPUT_FLOATS } from '../features/model-input.ts';
import type { QuantileGrid } from '../models/predictor.ts';
import { loadSession, type OnnxSession } from './load-session.ts';

const HORIZONS = SERVED_HORIZONS.length;
const GRID = HORIZONS * QUANTILE_LEVELS.length;

/** Loads a quantile model from the bytes of its ONNX file; throws as `loadSession` does. */
export function openOnnxSession(file: Uint8Array): Promise<OnnxSession> {
  return loadSession(file, 'x, sigma, quantiles', runChunk);
}

async function runChunk(session: InferenceSession, inputs: readonly Float32Array[]): Promise<QuantileGrid[]> {
  const rows = inputs.length;
  const windows = new Float32Array(rows * WINDOW_FLOATS);
  const sigmas = new Float32Array(rows * HORIZONS);
  for (const [row, input] of inputs.entries()) {
    if (input.length !== WINDOW_INPUT_FLOATS)
      throw new AppError('model_input_size', `an input of ${input.length} floats is not ${WINDOW_INPUT_FLOATS}`);
    windows.set(input.subarray(0, WINDOW_FLOATS), row * WINDOW_FLOATS);
    sigmas.set(input.subarray(WINDOW_FLOATS), row * HORIZONS);
  }
  const { quantiles } = await session.run({
    x: new Tensor('float32', windows, [rows, LOOKBACK_STEPS, FEATURES.length]),
    sigma: new Tensor('float32', sigmas, [rows, HORIZONS]),
  });
  const data = quantiles?.data;
  if (!(data instanceof Float32Array) || data.length !== rows * GRID)
    throw new AppError('model_output_size', 'the model answered with another shape');
  return inputs.map((_, row) => Float64Array.from(data.subarray(row * GRID, (row + 1) * GRID)));
}
