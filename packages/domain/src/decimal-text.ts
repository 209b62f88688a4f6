import { type Decimal, isDecimal } from './decimal.ts';

const EXPONENT_PATTERN = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?[eE]([+-]?\d{1,2})$/;

/**
 * Returns a number as other programs write it: a plain decimal stays as it stands, an exponent (`1e-04`, `-2.5E+3`) is written out exactly.
 * Undefined for what is no number, or has more than 30 digits a side when written out.
 */
export function parseDecimalText(text: string): Decimal | undefined {
  if (isDecimal(text)) return text;
  const [, sign = '', whole, fraction = '', exponent] = EXPONENT_PATTERN.exec(text) ?? [];
  if (whole === undefined || exponent === undefined) return undefined;
  const scale = fraction.length - Number.parseInt(exponent, 10);
  const digits = `${whole}${fraction}`;
  const plain = sign + (scale <= 0 ? digits + '0'.repeat(-scale) : withPoint(digits.padStart(scale + 1, '0'), scale));
  return isDecimal(plain) ? plain : undefined;
}

function withPoint(digits: string, scale: number): string {
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
