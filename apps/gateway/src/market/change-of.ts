import { compareDecimals, type Decimal, divideDecimals, multiplyDecimals, subtractDecimals, toDecimal } from '@candlecast/domain';

const ZERO = toDecimal('0');
const HUNDRED = toDecimal('100');
const PERCENT_SCALE = 4;

/** Returns how far `last` is from `open`: exact, and in percent with four decimals (null when `open` is zero). */
export function changeOf(last: Decimal, open: Decimal): { readonly change: Decimal; readonly percent: Decimal | null } {
  const change = subtractDecimals(last, open);
  const percent = compareDecimals(open, ZERO) === 0 ? null : divideDecimals(multiplyDecimals(change, HUNDRED), open, PERCENT_SCALE);
  return { change, percent };
}
