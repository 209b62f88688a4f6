import { compareDecimals, type Decimal, divideDecimals, multiplyDecimals, subtractDecimals, toDecimal } from '@candlecast/domain';

const ZERO = toDecimal('0');
const MINUS = '−';
const DEFAULT_DECIMALS = 2;
const SCALES = [
  { from: toDecimal('1000000000'), suffix: 'B' },
  { from: toDecimal('1000000'), suffix: 'M' },
  { from: toDecimal('1000'), suffix: 'K' },
] as const;

export type Direction = 'up' | 'down' | 'flat';

/** Returns how many decimals a step has, trailing zeros aside: "0.01000000" has 2, "1.00" has 0. Without a step it is 2. */
export function decimalsOf(step: string | null): number {
  if (step === null) return DEFAULT_DECIMALS;
  const point = step.indexOf('.');
  return point < 0 ? 0 : step.slice(point + 1).replace(/0+$/, '').length;
}

/** Returns a price as people read it: exactly `decimals` decimals, thousands apart, a true minus sign. */
export function formatPrice(price: Decimal, decimals: number): string {
  return group(divideDecimals(price, toDecimal('1'), decimals));
}

/** Returns a change with its sign, such as "+12.30" or "−0.05"; zero has none. */
export function formatChange(change: Decimal, decimals: number): string {
  return signed(divideDecimals(change, toDecimal('1'), decimals));
}

/** Returns the change from `from` to `to` in percent with two decimals and its sign, or an en dash when `from` is zero. */
export function formatPercentChange(from: Decimal, to: Decimal): string {
  const percent = percentChange(from, to);
  return percent === undefined ? '–' : `${signed(percent)} %`;
}

/** Returns the change from `from` to `to` in percent, rounded to two decimals; undefined when `from` is zero. */
export function percentChange(from: Decimal, to: Decimal): Decimal | undefined {
  if (compareDecimals(from, ZERO) === 0) return undefined;
  return divideDecimals(multiplyDecimals(subtractDecimals(to, from), toDecimal('100')), from, 2);
}

/** Returns which way a value points by its sign. */
export function directionOf(change: Decimal): Direction {
  const order = compareDecimals(change, ZERO);
  return order > 0 ? 'up' : order < 0 ? 'down' : 'flat';
}

/** Returns an amount in at most four significant places with K, M or B: "1.23K", "45.6M", "0.0123". */
export function formatAmount(amount: Decimal): string {
  if (compareDecimals(amount, ZERO) === 0) return '0';
  const scale = SCALES.find(({ from }) => compareDecimals(amount, from) >= 0);
  const scaled = scale ? divideDecimals(amount, scale.from, 6) : amount;
  const whole = scaled.split('.')[0] ?? '';
  const decimals = whole.length >= 3 ? 0 : whole.length === 2 ? 1 : whole === '0' ? 4 : 2;
  return `${group(divideDecimals(scaled, toDecimal('1'), decimals))}${scale?.suffix ?? ''}`;
}

function signed(value: Decimal): string {
  return directionOf(value) === 'up' ? `+${group(value)}` : group(value);
}

function group(value: Decimal): string {
  const isNegative = value.startsWith('-') && compareDecimals(value, ZERO) !== 0;
  const [whole = '', fraction] = value.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${isNegative ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
