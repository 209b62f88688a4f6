import type { Decimal } from '@candlecast/domain';

/** Returns the nearest float of an exact decimal, for charts only: nothing is calculated with it. */
export function toChartNumber(value: Decimal): number {
  return Number(value);
}
