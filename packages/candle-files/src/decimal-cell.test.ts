import { describe, expect, it } from 'vitest';
import { parseDecimalCell } from './decimal-cell.ts';

describe('parseDecimalCell', () => {
  it.each([
    ['46216.93000000', '46216.93000000'],
    ['3889.5', '3889.5'],
    ['0', '0'],
    ['007.10', '007.10'],
  ])('keeps %s as it stands', (cell, expected) => {
    expect(parseDecimalCell(cell)).toBe(expected);
  });

  it.each([
    ['6104598.0999999996', '6104598.10000000'],
    ['3277551.1000000001', '3277551.10000000'],
    ['0.000000005', '0.00000001'],
    ['0.0000000049', '0.00000000'],
  ])('rounds the float noise of %s to eight decimals', (cell, expected) => {
    expect(parseDecimalCell(cell)).toBe(expected);
  });

  it.each([
    ['0E-8', '0.00000000'],
    ['1.5e-07', '0.00000015'],
    ['2.5E+3', '2500'],
    ['12e0', '12'],
    ['1e-9', '0.00000000'],
  ])('writes the exponent of %s out', (cell, expected) => {
    expect(parseDecimalCell(cell)).toBe(expected);
  });

  it.each(['', '-1.0', '-0', 'NaN', 'inf', '1,5', '0x10', '1.', '.5', ' 1', '1e400', '--1', '1e'])('refuses "%s"', (cell) => {
    expect(parseDecimalCell(cell)).toBeUndefined();
  });
});
