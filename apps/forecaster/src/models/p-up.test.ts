import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from './normal.ts';
import { toPUp } from './p-up.ts';

describe('toPUp', () => {
  it.each([
    ['around zero', 0, 0.5],
    ['below zero, as far as one step of the levels', -0.6744897501960817, 0.25],
    ['above zero between two levels', 0.6744897501960817 / 2, 0.625],
    ['far below zero', -9, 0.025],
    ['far above zero', 9, 0.975],
  ])('reads the distribution %s', (_, shift, probability) => {
    expect(toPUp(NORMAL_QUANTILES.map((quantile) => quantile + shift))).toBeCloseTo(probability, 12);
  });

  it('rises with the whole distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), (shift, more) => {
        const at = (by: number) => toPUp(NORMAL_QUANTILES.map((quantile) => quantile + by));
        expect(at(shift + more)).toBeGreaterThanOrEqual(at(shift));
      }),
    );
  });
});
