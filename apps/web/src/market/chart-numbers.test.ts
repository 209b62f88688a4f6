import { toDecimal } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromChartNumber } from './from-chart-number.ts';
import { toChartNumber } from './to-chart-number.ts';

describe('chart numbers', () => {
  it('give back the very decimal, up to 15 significant digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), (decimals, units) => {
        const digits = units.toString().padStart(decimals + 1, '0');
        const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
        expect(fromChartNumber(toChartNumber(toDecimal(text)), decimals)).toBe(text);
      }),
    );
  });

  it('drop trailing zeros beyond the tick', () => {
    expect(fromChartNumber(toChartNumber(toDecimal('67250.65000000')), 2)).toBe('67250.65');
  });
});
