import jstat from 'jstat';

/** Whether one forecast loses less than another. */
export interface LossTest {
  readonly n: number;
  /** Mean loss of the first less mean loss of the second: positive when the second is better. */
  readonly meanDifference: number;
  readonly z: number;
  /** Of seeing as much, or more, if the second were no better (one-sided). */
  readonly p: number;
}

/**
 * Compares two losses origin by origin (Diebold and Mariano 1995), with a Bartlett estimate of the long-run variance over `lag` origins,
 * because outcomes overlap, and the correction of Harvey, Leybourne and Newbold (1997) for `horizon` steps. Origins where either is NaN are
 * left out.
 */
export function dieboldMariano(first: Float64Array, second: Float64Array, lag: number, horizon: number): LossTest {
  const differences = first.map((loss, index) => loss - (second[index] as number)).filter((difference) => !Number.isNaN(difference));
  const n = differences.length;
  if (n < 2) return { n, meanDifference: Number.NaN, z: Number.NaN, p: Number.NaN };
  const meanDifference = differences.reduce((sum, difference) => sum + difference, 0) / n;
  const variance = longRunVariance(differences, meanDifference, Math.min(lag, n - 1)) / n;
  const correction = Math.sqrt(Math.max(0, (n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n));
  const z = variance > 0 ? (correction * meanDifference) / Math.sqrt(variance) : 0;
  return { n, meanDifference, z, p: 1 - studentCdf(z, n - 1) };
}

/** Origins over which overlapping outcomes of a horizon are taken to hang together: a day, or twice the horizon. */
export function lagOf(horizonBars: number, dayBars: number): number {
  return Math.max(dayBars, 2 * horizonBars);
}

/** Adjusts p-values for how many were looked at (Holm 1979), in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length).fill(Number.NaN);
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * p));
    adjusted[index] = largest;
  });
  return adjusted;
}

function longRunVariance(values: Float64Array, mean: number, lag: number): number {
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  for (let back = 1; back <= lag; back++) {
    let covariance = 0;
    for (let index = back; index < values.length; index++)
      covariance += ((values[index] as number) - mean) * ((values[index - back] as number) - mean);
    sum += 2 * (1 - back / (lag + 1)) * covariance;
  }
  return sum / values.length;
}

function studentCdf(z: number, freedom: number): number {
  return freedom > 1_000 ? jstat.normal.cdf(z, 0, 1) : jstat.studentt.cdf(z, freedom);
}
