import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { contextColumns } from '../../features/bar-schema.ts';
import { contextWidth, scaleRows } from '../context-scaler.ts';
import { rangeVariances } from '../ladder/har.ts';
import { harColumns } from '../ladder/har-volatility.ts';
import { createNormalEquations, dot } from '../ladder/least-squares.ts';
import { NORMAL_QUANTILES } from '../normal.ts';
import { INCREMENTS, LOG_INCREMENT_LIMIT } from '../quantile-head.ts';
import type { Scaler } from '../scaler.ts';
import { headColumns } from './head-loss.ts';

/** Where a head begins that reads the scaled context: its kernel's rows for the context, [context, headColumns], and its bias. */
export interface HeadStart {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** A share of the mean of the diagonal: scaled columns repeat each other. */
const RIDGE = 1e-6;

/**
 * Returns the head that says what HAR-S says, fitted on `rows` of all instruments together: log scales are least squares of the log range
 * volatility ahead on the columns of HAR-S, log increments the gaps between empirical quantiles of return ÷ that volatility. Medians stay 0. A network
 * that begins here has to learn only what HAR-S does not know.
 */
export function harStart(set: DataSet, scaler: Scaler, limit: number, rows: Uint32Array): HeadStart {
  const horizons = set.schema.horizonBars.length;
  const outputs = headColumns(horizons);
  const start = { kernel: new Float32Array(contextWidth(set) * outputs), bias: new Float32Array(outputs) };
  const variances = set.series.map((_, s) => rangeVariances(set, s));
  for (let horizon = 0; horizon < horizons; horizon++) {
    const columns = startColumns(set, horizon);
    const inputs = createInputs(set, scaler, limit, columns);
    const coefficients = fitScale(set, rows, horizon, variances, inputs);
    start.bias[horizons + horizon] = coefficients[0] as number;
    columns.forEach((column, index) => {
      start.kernel[column * outputs + horizons + horizon] = coefficients[index + 1] as number;
    });
    start.bias.set(fitIncrements(set, rows, horizon, coefficients, inputs), 2 * horizons + horizon * INCREMENTS);
  }
  return start;
}

/** Those of HAR-S, and the horizon's own sigma, by which a head's scale is measured. */
function startColumns({ schema }: DataSet, horizon: number): number[] {
  return [...harColumns(schema, horizon, true), contextColumns(schema).indexOf(`sigma${schema.horizonBars[horizon]}`)];
}

/** Returns what writes 1 and the scaled columns of a row into one array, over and over. */
function createInputs(set: DataSet, scaler: Scaler, limit: number, columns: readonly number[]): (row: number) => Float64Array {
  const width = contextWidth(set);
  const inputs = new Float64Array(columns.length + 1);
  inputs[0] = 1;
  return (row) => {
    const scaled = scaleRows(set.context.subarray(row * width, (row + 1) * width), scaler, limit);
    columns.forEach((column, index) => {
      inputs[index + 1] = scaled[column] as number;
    });
    return inputs;
  };
}

function fitScale(
  set: DataSet,
  rows: Uint32Array,
  horizon: number,
  variances: readonly Float64Array[],
  inputsOf: (row: number) => Float64Array,
): Float64Array {
  const ahead = set.schema.horizonBars[horizon] as number;
  const equations = createNormalEquations(inputsOf(rows[0] ?? 0).length);
  for (const row of rows) {
    const own = variances[Math.floor(row / set.bars)] as Float64Array;
    let sum = 0;
    for (let later = (row % set.bars) + 1; later <= (row % set.bars) + ahead; later++) sum += own[later] as number;
    equations.add(inputsOf(row), 0.5 * Math.log(sum) - Math.log(sigmaOf(set, row, horizon)));
  }
  return equations.solve(RIDGE);
}

function fitIncrements(
  set: DataSet,
  rows: Uint32Array,
  horizon: number,
  coefficients: Float64Array,
  inputsOf: (row: number) => Float64Array,
): number[] {
  const horizons = set.schema.horizonBars.length;
  const ratios = Float64Array.from(rows, (row) => {
    const outcome = (set.returns[row * horizons + horizon] as number) / sigmaOf(set, row, horizon);
    return outcome / Math.exp(dot(coefficients, inputsOf(row)));
  }).sort();
  const quantiles = QUANTILE_LEVELS.map((level) => ratios[Math.floor(level * ratios.length)] as number);
  return Array.from({ length: INCREMENTS }, (_, index) => {
    const gap = (quantiles[index + 1] as number) - (quantiles[index] as number);
    const normal = (NORMAL_QUANTILES[index + 1] as number) - (NORMAL_QUANTILES[index] as number);
    // Prices that hardly move give a gap of 0.
    return Math.max(-LOG_INCREMENT_LIMIT, Math.min(LOG_INCREMENT_LIMIT, Math.log(gap / normal)));
  });
}

function sigmaOf({ schema, sigmas }: DataSet, row: number, horizon: number): number {
  return sigmas[row * schema.horizonBars.length + horizon] as number;
}
