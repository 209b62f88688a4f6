import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum, toPlaces8 } from './fixed-point.ts';

describe('toPlaces8', () => {
  it.each([
    [4_621_693, 2, '46216.93000000'],
    [5, 8, '0.00000005'],
    [123, 0, '123.00000000'],
    [0, 5, '0.00000000'],
    [123_456_789_012_345_678_901n, 7, '12345678901234.56789010'],
  ])('writes %s units at scale %s', (units, scale, expected) => {
    expect(toPlaces8(units, scale)).toBe(expected);
  });
});

describe('ExactSum', () => {
  it('equals the sum of big integers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 51 })), (parts) => {
        const sum = new ExactSum();
        for (const part of parts) sum.add(part);
        expect(BigInt(sum.total())).toBe(parts.reduce((total, part) => total + BigInt(part), 0n));
      }),
    );
  });
});
