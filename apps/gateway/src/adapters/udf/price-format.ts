import type { Decimal } from '@candlecast/domain';

/** How TradingView writes a smallest step: `minmov / pricescale`. */
export interface PriceFormat {
  readonly minmov: number;
  readonly pricescale: number;
}

/** Eight decimals: what prices have where the exchange names no step. */
const UNKNOWN_STEP: PriceFormat = { minmov: 1, pricescale: 100_000_000 };

/** Returns the price format of a tick size, such as 1 / 100 of "0.01000000" and 5 / 10 of "0.5". */
export function toPriceFormat(tickSize: Decimal | null): PriceFormat {
  if (tickSize === null) return UNKNOWN_STEP;
  const [whole = '0', fraction = ''] = tickSize.split('.');
  const decimals = fraction.replace(/0+$/, '');
  const minmov = Number.parseInt(`${whole}${decimals}`, 10);
  return minmov > 0 && decimals.length <= 15 ? { minmov, pricescale: 10 ** decimals.length } : UNKNOWN_STEP;
}

/** Returns how many decimals a size has, by its smallest step. */
export function toVolumePrecision(stepSize: Decimal | null): number {
  if (stepSize === null) return 8;
  return (stepSize.split('.')[1] ?? '').replace(/0+$/, '').length;
}
