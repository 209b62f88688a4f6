import { type Decimal, divideDecimals, parseDecimalText } from '@candlecast/domain';

/** Binance keeps eight decimals; more of them are the noise of a float on its way through JSON (`6104598.0999999996`). */
const MAX_SCALE = 8;

/**
 * Returns a price or volume as the file's own text. Two spellings are rewritten: an exponent (`0E-8`) is written out, and more than
 * eight decimals are rounded half up to eight. Undefined when the cell is not a number or is negative.
 */
export function parseDecimalCell(cell: string): Decimal | undefined {
  const text = parseDecimalText(cell);
  if (text === undefined || text.startsWith('-')) return undefined;
  const point = text.indexOf('.');
  return point >= 0 && text.length - point - 1 > MAX_SCALE ? divideDecimals(text, '1' as Decimal, MAX_SCALE) : text;
}
