import { AppError, QUANTILE_LEVELS } from '@candlecast/domain';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { contextColumns, SEQUENCE_COLUMNS } from '../features/bar-schema.ts';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../features/live-bars.ts';
import type { QuantileGrid } from '../models/predictor.ts';
import { loadSession, type OnnxSession } from './load-session.ts';

const LEVELS = QUANTILE_LEVELS.length;
const HORIZONS = LIVE_BARS.horizons.length;
const COLUMNS = contextColumns(LIVE_BARS).length;
const STEPS = LIVE_BARS.lookback;
const SEQUENCE_AT = COLUMNS;
const SIGMA_AT = SEQUENCE_AT + STEPS * SEQUENCE_COLUMNS.length;

/** Floats of an input: the context, the sequence bar by bar, then a sigma for each horizon of LIVE_BARS. */
export const CONTEXT_INPUT_FLOATS = SIGMA_AT + HORIZONS;

/** How the stored input is laid out, float32, little-endian; the model card says it. */
export const CONTEXT_INPUT_LAYOUT = {
  context: { offset: 0, shape: [COLUMNS] },
  x: { offset: SEQUENCE_AT, shape: [STEPS, SEQUENCE_COLUMNS.length] },
  sigma: { offset: SIGMA_AT, shape: [HORIZONS] },
} as const;

/** Returns the input that is stored: a context, the sequence that ends with its bar, and sigmas. Throws `model_input_size`. */
export function toContextInput(context: Float32Array, sequence: Float32Array, sigmas: Float64Array): Float32Array {
  if (context.length + sequence.length + sigmas.length !== CONTEXT_INPUT_FLOATS)
    throw new AppError('model_input_size', `${context.length}, ${sequence.length} and ${sigmas.length} floats are not an input`);
  const input = new Float32Array(CONTEXT_INPUT_FLOATS);
  input.set(context);
  input.set(sequence, SEQUENCE_AT);
  input.set(sigmas, SIGMA_AT);
  return input;
}

/**
 * Loads an LSTM with context from the bytes of its ONNX file; throws as `loadSession` does. Its grids are NaN at served horizons that its bars do not
 * have.
 */
export function openContextSession(file: Uint8Array): Promise<OnnxSession> {
  return loadSession(file, 'context, x, sigma, quantiles', runChunk);
}

async function runChunk(session: InferenceSession, inputs: readonly Float32Array[]): Promise<QuantileGrid[]> {
  const rows = inputs.length;
  const gather = (from: number, to: number) => {
    const values = new Float32Array(rows * (to - from));
    for (const [row, input] of inputs.entries()) {
      if (input.length !== CONTEXT_INPUT_FLOATS)
        throw new AppError('model_input_size', `an input of ${input.length} floats is not ${CONTEXT_INPUT_FLOATS}`);
      values.set(input.subarray(from, to), row * (to - from));
    }
    return values;
  };
  const { quantiles } = await session.run({
    context: new Tensor('float32', gather(0, SEQUENCE_AT), [rows, COLUMNS]),
    x: new Tensor('float32', gather(SEQUENCE_AT, SIGMA_AT), [rows, STEPS, SEQUENCE_COLUMNS.length]),
    sigma: new Tensor('float32', gather(SIGMA_AT, CONTEXT_INPUT_FLOATS), [rows, HORIZONS]),
  });
  const data = quantiles?.data;
  if (!(data instanceof Float32Array) || data.length !== rows * HORIZONS * LEVELS)
    throw new AppError('model_output_size', 'the model answered with another shape');
  return inputs.map((_, row) => toGrid(data.subarray(row * HORIZONS * LEVELS, (row + 1) * HORIZONS * LEVELS)));
}

function toGrid(said: Float32Array): QuantileGrid {
  const grid = new Float64Array(SERVED_HORIZONS.length * LEVELS).fill(Number.NaN);
  SERVED_PLACES.forEach((place, horizon) => {
    grid.set(said.subarray(horizon * LEVELS, (horizon + 1) * LEVELS), place * LEVELS);
  });
  return grid;
}
