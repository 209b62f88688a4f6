import type { Decimal } from '@candlecast/domain';

/** Returns the float nearest to an exact decimal. The only place in the web app where a price becomes a float, and only to be drawn. */
export function toChartNumber(value: Decimal): number {
  return Number(value);
}
