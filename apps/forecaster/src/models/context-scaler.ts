import type { DataSet } from '../dataset/data-set.ts';
import type { Scaler } from './scaler.ts';

/** A feature that never moved in training has no say: divided by this it stays zero. */
const CONSTANT_STD = 1e9;
const LEAST_STD = 1e-6;

/**
 * Fits mean and standard deviation of every column of `values` ([rows, columns]) over `rows`, passing over what is not known. Give it
 * training rows only.
 */
export function fitRows(values: Float32Array, columns: number, rows: Uint32Array): Scaler {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const counts = new Float64Array(columns);
  for (const row of rows) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (Number.isNaN(value)) continue;
      sums[column] = (sums[column] as number) + value;
      squares[column] = (squares[column] as number) + value * value;
      counts[column] = (counts[column] as number) + 1;
    }
  }
  const mean = sums.map((sum, column) => (counts[column] === 0 ? 0 : sum / (counts[column] as number)));
  const std = squares.map((square, column) => {
    const deviation =
      counts[column] === 0 ? 0 : Math.sqrt(Math.max(0, square / (counts[column] as number) - (mean[column] as number) ** 2));
    return deviation < LEAST_STD ? CONSTANT_STD : deviation;
  });
  return { mean: Float32Array.from(mean), std: Float32Array.from(std) };
}

/** Returns values scaled and cut at ±`limit`; what is not known becomes the mean, 0. */
export function scaleRows(values: Float32Array, { mean, std }: Scaler, limit: number): Float32Array {
  const columns = mean.length;
  const scaled = new Float32Array(values.length);
  for (let index = 0, column = 0; index < values.length; index++) {
    const value = ((values[index] as number) - (mean[column] as number)) / (std[column] as number);
    scaled[index] = Number.isNaN(value) ? 0 : Math.max(-limit, Math.min(limit, value));
    if (++column === columns) column = 0;
  }
  return scaled;
}

/** Returns the number of context columns of a data set. */
export function contextWidth(set: DataSet): number {
  return set.origins.length === 0 ? 0 : set.context.length / set.origins.length;
}
