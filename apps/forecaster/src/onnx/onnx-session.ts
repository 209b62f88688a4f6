import { AppError, QUANTILE_LEVELS } from '@candlecast/domain';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../features/feature-schema.ts';
import { WINDOW_FLOATS, WINDOW_INPUT_FLOATS } from '../features/model-input.ts';
import type { QuantileGrid } from '../models/predictor.ts';
import { hasExternalData } from './find-external-data.ts';

/** Rows in one run: beyond 32 a row costs more, not less. */
const CHUNK_ROWS = 32;
const HORIZONS = SERVED_HORIZONS.length;
const GRID = HORIZONS * QUANTILE_LEVELS.length;

/** A loaded model. It computes one run at a time. */
export interface OnnxSession {
  /** Returns the quantile grid of each input (window, then sigmas). */
  run(inputs: readonly Float32Array[]): Promise<QuantileGrid[]>;
  release(): Promise<void>;
}

/**
 * Loads a quantile model from the bytes of its ONNX file. Throws `onnx_external_data` when it refers to other files, `onnx_unreadable`
 * when it is no model, and `onnx_ports_unknown` when it has other inputs or outputs than a quantile model.
 */
export async function openOnnxSession(file: Uint8Array): Promise<OnnxSession> {
  if (hasExternalData(file)) throw new AppError('onnx_external_data', 'the model keeps tensors in other files, which is not allowed');
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' }).catch(
    (cause: unknown) => {
      throw new AppError('onnx_unreadable', 'the file is not a model that the runtime can load', { cause });
    },
  );
  const ports = [...session.inputNames, ...session.outputNames].join(', ');
  if (ports !== 'x, sigma, quantiles')
    throw new AppError('onnx_ports_unknown', `the model has the ports "${ports}", not x, sigma, quantiles`);
  return {
    async run(inputs) {
      const grids: QuantileGrid[] = [];
      for (let from = 0; from < inputs.length; from += CHUNK_ROWS)
        grids.push(...(await runChunk(session, inputs.slice(from, from + CHUNK_ROWS))));
      return grids;
    },
    release: () => session.release(),
  };
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
