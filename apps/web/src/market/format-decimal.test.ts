import { type Decimal, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { decimalsOf, directionOf, formatAmount, formatChange, formatPercentChange, formatPrice } from './format-decimal.ts';

describe('decimalsOf', () => {
  it.each([
    ['0.01000000', 2],
    ['0.00000100', 6],
    ['1.00000000', 0],
    ['10', 0],
    [null, 2],
  ])('reads the step %s as %d decimals', (step, decimals) => {
    expect(decimalsOf(step)).toBe(decimals);
  });
});

describe('formatPrice', () => {
  it.each([
    ['67250.65000000', 2, '67,250.65'],
    ['0.00001234', 8, '0.00001234'],
    ['1234567', 2, '1,234,567.00'],
    ['999.999', 2, '1,000.00'],
    ['-1500.5', 1, '−1,500.5'],
    ['-0.001', 2, '0.00'],
    ['90071992547409931.1', 1, '90,071,992,547,409,931.1'],
  ])('writes %s with %d decimals as %s', (price, decimals, text) => {
    expect(formatPrice(toDecimal(price), decimals)).toBe(text);
  });
});

describe('changes', () => {
  it('carry their sign, and zero has none', () => {
    expect(formatChange(toDecimal('12.3'), 2)).toBe('+12.30');
    expect(formatChange(toDecimal('-12.3'), 2)).toBe('−12.30');
    expect(formatChange(toDecimal('0.001'), 2)).toBe('0.00');
  });

  it('are exact in percent', () => {
    expect(formatPercentChange(toDecimal('200'), toDecimal('201'))).toBe('+0.50 %');
    expect(formatPercentChange(toDecimal('3'), toDecimal('2'))).toBe('−33.33 %');
    expect(formatPercentChange(toDecimal('0.00'), toDecimal('2'))).toBe('–');
  });

  it('point up, down or nowhere', () => {
    expect(['0.1', '-0.1', '0.00'].map((change) => directionOf(change as Decimal))).toEqual(['up', 'down', 'flat']);
  });
});

describe('formatAmount', () => {
  it.each([
    ['1234567890.5', '1.23B'],
    ['45612345', '45.6M'],
    ['123456', '123K'],
    ['1000', '1.00K'],
    ['999.9', '1,000'],
    ['12.345', '12.3'],
    ['1.5', '1.50'],
    ['0.01234567', '0.0123'],
    ['0.00000', '0'],
  ])('writes %s as %s', (amount, text) => {
    expect(formatAmount(toDecimal(amount))).toBe(text);
  });
});
