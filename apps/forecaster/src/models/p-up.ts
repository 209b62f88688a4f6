import { QUANTILE_LEVELS } from '@candlecast/domain';

/**
 * Returns the probability of a log return above zero: one minus the distribution function at zero, which is read off between the two
 * quantiles around it as a straight line. Beyond the outermost quantiles it stays at their levels: nothing is known of the tails.
 * `logReturns` are the quantiles at QUANTILE_LEVELS, upwards.
 */
export function toPUp(logReturns: readonly number[]): number {
  const above = logReturns.findIndex((logReturn) => logReturn >= 0);
  if (above <= 0) return 1 - levelAt(above === 0 ? 0 : QUANTILE_LEVELS.length - 1);
  const upper = logReturns[above] ?? Number.NaN;
  const lower = logReturns[above - 1] ?? Number.NaN;
  const share = -lower / (upper - lower);
  return 1 - (levelAt(above - 1) + share * (levelAt(above) - levelAt(above - 1)));
}

function levelAt(index: number): number {
  return QUANTILE_LEVELS[index] ?? Number.NaN;
}
