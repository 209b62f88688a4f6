import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  divideDecimals,
  isDecimal,
  multiplyDecimals,
  subtractDecimals,
  toDecimal,
} from './decimal.ts';

const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 10 })).map(([units, scale]) => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return toDecimal(units < 0n ? `-${text}` : text);
});

describe('decimals', () => {
  it.each([
    ['1.10', '2.205', '3.305'],
    ['0.00000000', '0', '0.00000000'],
    ['-0.5', '0.25', '-0.25'],
    ['9007199254740993.00000001', '0.00000001', '9007199254740993.00000002'],
  ])('adds %s and %s like numeric', (a, b, sum) => {
    expect(addDecimals(toDecimal(a), toDecimal(b))).toBe(sum);
  });

  it.each([
    ['1.50', '2.0', '3.000'],
    ['-0.1', '0.1', '-0.01'],
  ])('multiplies %s by %s', (a, b, product) => {
    expect(multiplyDecimals(toDecimal(a), toDecimal(b))).toBe(product);
  });

  it.each([
    ['1', '3', 4, '0.3333'],
    ['2', '3', 4, '0.6667'],
    ['-2', '3', 2, '-0.67'],
    ['1', '8', 2, '0.13'],
    ['10', '4', 0, '3'],
  ] as const)('divides %s by %s to %i places, half away from zero', (a, b, scale, quotient) => {
    expect(divideDecimals(toDecimal(a), toDecimal(b), scale)).toBe(quotient);
  });

  it('refuses to divide by zero', () => {
    expect(() => divideDecimals(toDecimal('1'), toDecimal('0.0'), 2)).toThrow(RangeError);
  });

  it('compares by value, not by text', () => {
    expect(compareDecimals(toDecimal('1.0'), toDecimal('1.000'))).toBe(0);
    expect(compareDecimals(toDecimal('-2'), toDecimal('1.5'))).toBeLessThan(0);
    expect(compareDecimals(toDecimal('10'), toDecimal('9.99'))).toBeGreaterThan(0);
  });

  it.each(['', '1.', '.5', '1e5', '+1', ' 1', '0x1', 'NaN', 'Infinity', '1,0', '--1', '1'.repeat(31)])('refuses "%s"', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => toDecimal(text)).toThrow(RangeError);
  });

  it('undoes an addition by a subtraction, to the last digit', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const back: Decimal = subtractDecimals(addDecimals(a, b), b);
        expect(compareDecimals(back, a)).toBe(0);
      }),
    );
  });
});
