import { DAY_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { createTrailingQuantiles } from '../models/ladder/trailing-quantiles.ts';
import { MEDIAN } from '../models/normal.ts';

/** How many whole paths stay inside. */
export interface JointCoverage {
  /** Share of origins whose outcomes at all horizons lie within the pointwise 95 % bands. */
  readonly pointwise95: number;
  /** The same for the bands widened so that 80 and 90 % of paths should stay inside. */
  readonly joint80: number;
  readonly joint90: number;
  readonly n: number;
}

const DAYS = 90;
const LEAST = 500;
const LEVELS = QUANTILE_LEVELS.length;

/**
 * Measures how many paths stay inside their bands at all horizons at once. The widening is the trailing 90-day quantile of the largest
 * |outcome| in half widths, known a longest horizon later. `horizons` are quantiles [origins, levels] and outcomes of the same origins.
 */
export function jointCoverage(
  horizons: readonly { readonly quantiles: Float32Array; readonly returns: Float64Array }[],
  asOf: Float64Array,
  longestMs: number,
  stepMs: number,
): JointCoverage {
  const reaches = asOf.map((_, index) => Math.max(...horizons.map(({ quantiles, returns }) => reachOf(quantiles, returns, index))));
  const trailing = createTrailingQuantiles((DAYS * DAY_MS) / stepMs);
  let [matured, n, inside80, inside90] = [0, 0, 0, 0];
  reaches.forEach((reach, index) => {
    for (; (asOf[matured] as number) + longestMs <= (asOf[index] as number); matured++) trailing.push(reaches[matured] as number);
    if (trailing.size < LEAST) return;
    n += 1;
    if (reach <= trailing.at(0.8)) inside80 += 1;
    if (reach <= trailing.at(0.9)) inside90 += 1;
  });
  const inside = reaches.reduce((sum, reach) => sum + (reach <= 1 ? 1 : 0), 0);
  return { pointwise95: inside / reaches.length, joint80: inside80 / n, joint90: inside90 / n, n };
}

/** Returns how far an outcome lies from the median, in half widths of the 95 % band on its side. */
function reachOf(quantiles: Float32Array, returns: Float64Array, index: number): number {
  const median = quantiles[index * LEVELS + MEDIAN] as number;
  const distance = (returns[index] as number) - median;
  const edge = quantiles[index * LEVELS + (distance > 0 ? LEVELS - 1 : 0)] as number;
  return Math.abs(distance) / Math.abs(edge - median);
}
