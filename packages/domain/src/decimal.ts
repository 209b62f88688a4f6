/**
 * Exact decimal text, as the exchange sends it and PostgreSQL `numeric` keeps it.
 * Arithmetic follows `numeric`: a sum has the larger scale of its parts, so trailing zeros survive
 * (the reason why no decimal library is used here: they normalise the text).
 */
export type Decimal = string & { readonly __brand: 'Decimal' };

const MINUS = 45;
const DECIMAL_PATTERN = /^-?\d{1,30}(\.\d{1,30})?$/;

/** Tells whether `text` is a plain decimal: no exponent, no sign but a leading minus, at most 30 digits a side. */
export function isDecimal(text: unknown): text is Decimal {
  return typeof text === 'string' && DECIMAL_PATTERN.test(text);
}

/** Returns `text` as a Decimal and throws a RangeError that names the value when it is not one. */
export function toDecimal(text: string): Decimal {
  if (!isDecimal(text)) throw new RangeError(`"${text}" is not a plain decimal number`);
  return text;
}

/** Returns the exact sum; its scale is the larger scale of the two. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(scaleOf(a), scaleOf(b));
  return fromUnits(toUnits(a, scale) + toUnits(b, scale), scale);
}

/** Returns the exact difference `a - b`; its scale is the larger scale of the two. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(scaleOf(a), scaleOf(b));
  return fromUnits(toUnits(a, scale) - toUnits(b, scale), scale);
}

/** Returns the exact product; its scale is the sum of the scales. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return fromUnits(toUnits(a, scaleOf(a)) * toUnits(b, scaleOf(b)), scaleOf(a) + scaleOf(b));
}

/** Returns a negative number, zero or a positive number as `a` is below, equal to or above `b` in value. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  // Texts of one shape order as their numbers do: the case of nearly all prices of one instrument, without big integers.
  if (a.length === b.length && a.charCodeAt(0) !== MINUS && b.charCodeAt(0) !== MINUS && a.indexOf('.') === b.indexOf('.')) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const scale = Math.max(scaleOf(a), scaleOf(b));
  const difference = toUnits(a, scale) - toUnits(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Returns whichever of the two is larger in value, `a` when they are equal. */
export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return compareDecimals(a, b) >= 0 ? a : b;
}

/** Returns whichever of the two is smaller in value, `a` when they are equal. */
export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return compareDecimals(a, b) <= 0 ? a : b;
}

/** Returns `a / b` rounded half away from zero to `scale` decimals; throws a RangeError when `b` is zero. */
export function divideDecimals(a: Decimal, b: Decimal, scale: number): Decimal {
  const common = Math.max(scaleOf(a), scaleOf(b));
  const divisor = toUnits(b, common);
  if (divisor === 0n) throw new RangeError(`division of "${a}" by zero`);
  const scaled = toUnits(a, common) * 10n ** BigInt(scale) * 2n;
  const quotient = scaled / divisor;
  const rounded = quotient >= 0n ? (quotient + 1n) / 2n : (quotient - 1n) / 2n;
  return fromUnits(rounded, scale);
}

function scaleOf(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

function toUnits(value: Decimal, scale: number): bigint {
  const own = scaleOf(value);
  return BigInt(value.replace('.', '')) * 10n ** BigInt(scale - own);
}

function fromUnits(units: bigint, scale: number): Decimal {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  if (scale === 0) return `${sign}${digits}` as Decimal;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` as Decimal;
}
