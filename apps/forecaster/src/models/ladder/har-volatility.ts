import { type BarSchema, contextColumns } from '../../features/bar-schema.ts';
import { dot } from './least-squares.ts';

/** Coefficients of one instrument: for each horizon a constant, then one for each of `harColumns`. */
export type HarCoefficients = readonly Float64Array[];

/** Returns the positions in the context of what the volatility of a horizon is told by. */
export function harColumns(schema: BarSchema, horizon: number, hasSeason: boolean): number[] {
  const bars = schema.horizonBars[horizon];
  const wanted = (name: string) =>
    /^(range|squared)\d/.test(name) || (hasSeason && [`seasonDay${bars}`, `seasonWeek${bars}`, 'seasonNow'].includes(name));
  return contextColumns(schema).flatMap((name, column) => (wanted(name) ? [column] : []));
}

/** Writes 1 and the columns of a context that begins at `from` in `values`; what is not known becomes 0. */
export function fillHar(inputs: Float64Array, values: Float32Array, from: number, columns: readonly number[]): void {
  inputs[0] = 1;
  columns.forEach((column, index) => {
    const value = values[from + column] as number;
    inputs[index + 1] = Number.isNaN(value) ? 0 : value;
  });
}

/** Returns the standard deviation of the log return over `bars`, beside `baseSigma`, that of one bar that the inputs are measured by. */
export function harSigma(coefficients: Float64Array, inputs: Float64Array, baseSigma: number, bars: number): number {
  return Math.exp(dot(coefficients, inputs)) * baseSigma * Math.sqrt(bars);
}
