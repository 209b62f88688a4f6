/** A ratio of sums with its interval of 95 %; the bounds are null where there are too few blocks to tell. */
export interface Estimate {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Blocks that an interval needs at least. */
const LEAST_BLOCKS = 10;
/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Returns Σ parts ÷ Σ wholes over consecutive blocks of time, with an interval that allows for blocks that resemble their neighbours: the
 * variance of the ratio's linearised residuals with Bartlett weights up to `lag` blocks (Newey and West 1987), and the quantile of Student's
 * t with one degree of freedom less than blocks. Null where the wholes sum to nothing.
 */
export function ratioEstimate(parts: readonly number[], wholes: readonly number[], lag: number): Estimate | null {
  const whole = sum(wholes);
  if (!(whole > 0)) return null;
  const value = sum(parts) / whole;
  const blocks = parts.length;
  if (blocks < LEAST_BLOCKS) return { value, lower: null, upper: null };
  const residuals = parts.map((part, index) => part - value * (wholes[index] ?? 0));
  let variance = covariance(residuals, 0);
  for (let distance = 1; distance <= Math.min(lag, blocks - 1); distance++) {
    variance += 2 * (1 - distance / (lag + 1)) * covariance(residuals, distance);
  }
  const corrected = (Math.max(0, variance) * blocks) / (blocks - 1);
  const half = (studentQuantile(blocks - 1) * Math.sqrt(corrected)) / whole;
  return { value, lower: value - half, upper: value + half };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function covariance(values: readonly number[], distance: number): number {
  let total = 0;
  for (let index = distance; index < values.length; index++) total += (values[index] ?? 0) * (values[index - distance] ?? 0);
  return total;
}

/** 97.5 % quantile of Student's t by its expansion around the normal's (Abramowitz and Stegun 26.7.5); three digits from 9 degrees of freedom on. */
function studentQuantile(degrees: number): number {
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  return Z + first / degrees + second / degrees ** 2;
}
