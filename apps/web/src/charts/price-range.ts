/** The least span of the price axis, as a part of the price: a stable coin's single ticks do not fill the chart. */
const LEAST_SPAN = 0.002;

/** The prices that a chart's axis reaches from and to. */
export interface PriceRange {
  readonly low: number;
  readonly high: number;
}

/** Returns the range widened about its middle to the least span of an axis. */
export function widenRange({ low, high }: PriceRange): PriceRange {
  const missing = Math.abs(high) * LEAST_SPAN - (high - low);
  return missing <= 0 ? { low, high } : { low: low - missing / 2, high: high + missing / 2 };
}
