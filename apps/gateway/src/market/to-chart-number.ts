import type { Decimal } from '@candlecast/domain';

/** Returns the nearest float of an exact decimal, for charts and the indicators that they show: nothing exact is calculated with it. */
export function toChartNumber(value: Decimal): number {
  return Number(value);
}
