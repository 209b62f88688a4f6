import type { Decimal } from '@candlecast/domain';

/** Returns the number nearest to `value`; NaN for a value that the source does not have. The only place where forecasts leave decimals. */
export function toFeature(value: Decimal | null): number {
  return value === null ? Number.NaN : Number.parseFloat(value);
}
