import { type Decimal, toDecimal } from '@candlecast/domain';

/**
 * Returns the decimal that a chart number stands for. A price is a multiple of its tick size, so rounding to the tick's
 * decimals gives back the very decimal that `toChartNumber` was given, up to 15 significant digits.
 */
export function fromChartNumber(value: number, decimals: number): Decimal {
  return toDecimal(value.toFixed(Math.min(decimals, 30)));
}
