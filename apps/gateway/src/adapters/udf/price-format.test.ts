import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { toPriceFormat, toVolumePrecision } from './price-format.ts';

describe('toPriceFormat', () => {
  it.each([
    ['0.01000000', 1, 100],
    ['0.00000001', 1, 100_000_000],
    ['0.50000000', 5, 10],
    ['0.025', 25, 1_000],
    ['1.00000000', 1, 1],
    ['10', 10, 1],
  ])('writes the step %s as %d / %d', (tick, minmov, pricescale) => {
    expect(toPriceFormat(toDecimal(tick))).toEqual({ minmov, pricescale });
  });

  it.each([[null], [toDecimal('0.00000000')]])('takes eight decimals where the step is %s', (tick) => {
    expect(toPriceFormat(tick)).toEqual({ minmov: 1, pricescale: 100_000_000 });
  });
});

describe('toVolumePrecision', () => {
  it.each([
    ['0.00001000', 5],
    ['1.00000000', 0],
    ['1', 0],
  ])('counts the decimals of %s', (step, decimals) => expect(toVolumePrecision(toDecimal(step))).toBe(decimals));
});
