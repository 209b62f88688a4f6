/** Least variance of a bar's return, so that a market that stands still still divides: a tenth of a basis point, squared. */
const LEAST_VARIANCE = 1e-10;

/** An exponentially weighted mean of squared returns. */
export interface EwmaVariance {
  /** Takes the next return; NaN (a gap before it) leaves the mean as it is. */
  push(logReturn: number): void;
  /** Returns the variance of one bar's return as known now; NaN before the first return. */
  variance(): number;
}

/** Returns an empty mean with `decay` per bar. Its weights add up to one from the first return on: nothing is assumed of what came before. */
export function createEwmaVariance(decay: number): EwmaVariance {
  let sum = 0;
  let weight = 0;
  return {
    push(logReturn) {
      if (Number.isNaN(logReturn)) return;
      sum = decay * sum + (1 - decay) * logReturn * logReturn;
      weight = decay * weight + (1 - decay);
    },
    variance: () => (weight === 0 ? Number.NaN : Math.max(LEAST_VARIANCE, sum / weight)),
  };
}
