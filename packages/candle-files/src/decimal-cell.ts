import { type Decimal, divideDecimals, isDecimal } from '@candlecast/domain';

/** Binance keeps eight decimals; more of them are the noise of a float on its way through JSON (`6104598.0999999996`). */
const MAX_SCALE = 8;
const EXPONENT_PATTERN = /^(\d{1,30})(?:\.(\d{1,30}))?[eE]([+-]?\d{1,2})$/;

/**
 * Returns a price or volume as the file's own text. Two spellings are rewritten: an exponent (`0E-8`) is written out, and more than
 * eight decimals are rounded half up to eight. Undefined when the cell is not a number or is negative.
 */
export function parseDecimalCell(cell: string): Decimal | undefined {
  const text = isDecimal(cell) ? cell : writeOutExponent(cell);
  if (text === undefined || text.startsWith('-')) return undefined;
  const point = text.indexOf('.');
  return point >= 0 && text.length - point - 1 > MAX_SCALE ? divideDecimals(text, '1' as Decimal, MAX_SCALE) : text;
}

function writeOutExponent(cell: string): Decimal | undefined {
  const [, whole, fraction = '', exponent] = EXPONENT_PATTERN.exec(cell) ?? [];
  if (whole === undefined || exponent === undefined) return undefined;
  const scale = fraction.length - Number.parseInt(exponent, 10);
  const digits = `${whole}${fraction}`;
  const text = scale <= 0 ? digits + '0'.repeat(-scale) : withPoint(digits.padStart(scale + 1, '0'), scale);
  return isDecimal(text) ? text : undefined;
}

function withPoint(digits: string, scale: number): string {
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
