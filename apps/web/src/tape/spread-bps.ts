import { compareDecimals, type Decimal, divideDecimals, multiplyDecimals, toDecimal } from '@candlecast/domain';

const ZERO = toDecimal('0');
const BPS = toDecimal('10000');

/** Returns the spread in basis points (hundredths of a per cent) of the middle, to two decimals; undefined for a middle of zero. */
export function spreadBps({ spread, midPrice }: { readonly spread: Decimal; readonly midPrice: Decimal }): Decimal | undefined {
  return compareDecimals(midPrice, ZERO) === 0 ? undefined : divideDecimals(multiplyDecimals(spread, BPS), midPrice, 2);
}
