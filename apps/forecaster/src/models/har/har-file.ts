import { AppError, type Horizon, type InstrumentId, QUANTILE_LEVELS } from '@candlecast/domain';
import { BAR_FEATURE_SCHEMA, contextColumns } from '../../features/bar-schema.ts';
import { SERVED_HORIZONS } from '../../features/feature-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import { fillHar, type HarCoefficients, harColumns, harSigma } from '../ladder/har-volatility.ts';
import type { QuantileGrid } from '../predictor.ts';

/** A fitted HAR-S: what its file holds. */
export interface HarModel {
  /** In the order in which inputs name them. */
  readonly instruments: readonly { readonly id: InstrumentId; readonly coefficients: HarCoefficients }[];
}

interface HarFile {
  readonly featureSchema: number;
  readonly interval: string;
  readonly horizons: readonly Horizon[];
  /** Of the context, in the order of the input. */
  readonly columns: readonly string[];
  /** For each horizon its columns' places in `columns`; coefficients begin with the constant. */
  readonly reads: readonly (readonly number[])[];
  readonly instruments: readonly { readonly id: string; readonly coefficients: readonly (readonly number[])[] }[];
}

const LEVELS = QUANTILE_LEVELS.length;
const HORIZONS = LIVE_BARS.horizons.length;
const BY_HORIZON = LIVE_BARS.horizons.map((_, horizon) => harColumns(LIVE_BARS, horizon, true));

/** Positions in the context of all that any horizon reads, upwards. */
export const HAR_COLUMNS: readonly number[] = [...new Set(BY_HORIZON.flat())].sort((a, b) => a - b);

const READS = BY_HORIZON.map((columns) => columns.map((column) => HAR_COLUMNS.indexOf(column)));
const CONTEXT_AT = 2;
const SHAPES_AT = CONTEXT_AT + HAR_COLUMNS.length;

/** Floats of an input: place of the instrument in the file, sigma of a bar, the context's columns, then a shape for each horizon. */
export const HAR_INPUT_FLOATS = SHAPES_AT + HORIZONS * LEVELS;

/** How the stored input is laid out, float32, little-endian; the model card says it. */
export const HAR_INPUT_LAYOUT = {
  instrument: { offset: 0, shape: [] },
  baseSigma: { offset: 1, shape: [] },
  context: { offset: CONTEXT_AT, shape: [HAR_COLUMNS.length] },
  shapes: { offset: SHAPES_AT, shape: [HORIZONS, LEVELS] },
} as const;

/** Returns the bytes of a file; the same model gives the same bytes. Numbers are read back exactly. */
export function toHarFile({ instruments }: HarModel): Buffer {
  const names = contextColumns(LIVE_BARS);
  const file: HarFile = {
    featureSchema: BAR_FEATURE_SCHEMA,
    interval: LIVE_BARS.interval,
    horizons: LIVE_BARS.horizons,
    columns: HAR_COLUMNS.map((column) => names[column] ?? ''),
    reads: READS,
    instruments: instruments.map(({ id, coefficients }) => ({ id, coefficients: coefficients.map((own) => [...own]) })),
  };
  return Buffer.from(`${JSON.stringify(file)}\n`);
}

/** Reads a file; throws `har_file_unreadable` for one that is not of today's features or lacks a coefficient. */
export function parseHarFile(bytes: Uint8Array): HarModel {
  const file = parseJson(bytes);
  if (file.featureSchema !== BAR_FEATURE_SCHEMA || file.interval !== LIVE_BARS.interval)
    throw unreadable(`its features are version ${file.featureSchema} of ${file.interval} bars`);
  if (JSON.stringify(file.reads) !== JSON.stringify(READS)) throw unreadable('its horizons read other columns');
  const instruments = file.instruments.map(({ id, coefficients }) => {
    const own = coefficients.map((values) => Float64Array.from(values));
    const isWhole = READS.every(({ length }, horizon) => own[horizon]?.length === length + 1 && own[horizon].every(Number.isFinite));
    if (!isWhole) throw unreadable(`it lacks a coefficient of ${id}`);
    return { id: id as InstrumentId, coefficients: own };
  });
  return { instruments };
}

/** Returns the input that is stored; `shapes` are [horizons, levels]. */
export function toHarInput(instrument: number, baseSigma: number, context: Float32Array, shapes: Float64Array): Float32Array {
  const input = new Float32Array(HAR_INPUT_FLOATS);
  input[0] = instrument;
  input[1] = baseSigma;
  HAR_COLUMNS.forEach((column, index) => {
    input[CONTEXT_AT + index] = context[column] as number;
  });
  input.set(shapes, SHAPES_AT);
  return input;
}

/** Returns what a model says for an input: shape · sigma; NaN at served horizons that its bars do not have. Throws `model_input_size`. */
export function toHarGrid({ instruments }: HarModel, input: Float32Array): QuantileGrid {
  const own = instruments[input[0] as number];
  if (!own || input.length !== HAR_INPUT_FLOATS)
    throw new AppError('model_input_size', `${input.length} floats of instrument ${input[0]} are not an input of this model`);
  const grid = new Float64Array(SERVED_HORIZONS.length * LEVELS).fill(Number.NaN);
  READS.forEach((columns, horizon) => {
    const inputs = new Float64Array(columns.length + 1);
    fillHar(inputs, input, CONTEXT_AT, columns);
    const bars = LIVE_BARS.horizonBars[horizon] as number;
    const sigma = harSigma(own.coefficients[horizon] as Float64Array, inputs, input[1] as number, bars);
    for (let level = 0; level < LEVELS; level++)
      grid[(SERVED_PLACES[horizon] as number) * LEVELS + level] = (input[SHAPES_AT + horizon * LEVELS + level] as number) * sigma;
  });
  return grid;
}

function parseJson(bytes: Uint8Array): HarFile {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as HarFile;
  } catch (cause) {
    throw new AppError('har_file_unreadable', 'the file of a HAR-S is not JSON', { cause });
  }
}

function unreadable(reason: string): AppError {
  return new AppError('har_file_unreadable', `the file of a HAR-S cannot be used: ${reason}`);
}
