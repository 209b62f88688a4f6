import { QUANTILE_LEVELS } from '@candlecast/domain';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';
import { MEDIAN, NORMAL_QUANTILES } from './normal.ts';

/**
 * The head that turns the last state of a network into quantiles of log return ÷ sigma. For every horizon it has a median m, a log scale s
 * and eight log increments g: the quantiles are m ± running sums of gap · exp(clamp(s + g)), where gap is the distance between neighbouring
 * quantiles of the normal distribution. With all weights zero the forecast is persistence with EWMA-normal quantiles; quantiles
 * cannot cross, whatever the weights.
 */
export const INCREMENTS = QUANTILE_LEVELS.length - 1;

/** Columns of the head's one matrix: the medians, then the log scales, then the log increments horizon by horizon. */
export const HEAD_COLUMNS = SERVED_HORIZONS.length * (2 + INCREMENTS);

/** Bound of s + g either way: an increment lies between a twentieth of the normal's and twenty times it. */
export const LOG_INCREMENT_LIMIT = 3;

/** From 12 hours on the last price is the better point forecast than any that was measured: the median stays there. */
const WITHOUT_LOCATION: readonly ServedHorizon[] = ['12h', '24h'];

/** One factor for each horizon's median: 1, or 0 where it stays at the last price. */
export const LOCATION_MASK = Float32Array.from(SERVED_HORIZONS, (horizon) => (WITHOUT_LOCATION.includes(horizon) ? 0 : 1));

/** Sums exponentiated increments to distances from the median, [INCREMENTS, QUANTILE_LEVELS]; holds the gaps of the normal distribution. */
export const SPREADS = Float32Array.from({ length: INCREMENTS * QUANTILE_LEVELS.length }, (_, index) => {
  const increment = Math.floor(index / QUANTILE_LEVELS.length);
  const level = index % QUANTILE_LEVELS.length;
  const gap = (NORMAL_QUANTILES[increment + 1] ?? Number.NaN) - (NORMAL_QUANTILES[increment] ?? Number.NaN);
  if (increment < MEDIAN) return level <= increment ? -gap : 0;
  return level > increment ? gap : 0;
});
