import { describe, expect, it } from 'vitest';
import { parseDecimalText } from './decimal-text.ts';

describe('parseDecimalText', () => {
  it.each([
    ['42', '42'],
    ['-0.50', '-0.50'],
    ['1e-04', '0.0001'],
    ['4.97102696296296e-08', '0.0000000497102696296296'],
    ['-6.02266666666667e-05', '-0.0000602266666666667'],
    ['2.5E+3', '2500'],
    ['12e0', '12'],
  ])('reads %s as %s', (text, expected) => {
    expect(parseDecimalText(text)).toBe(expected);
  });

  it.each(['', 'NaN', '1,5', '+1', ' 1', '1.', '.5', '1e', '1e31', '1e-31', '1e400', '0x10', '-'])('refuses "%s"', (text) => {
    expect(parseDecimalText(text)).toBeUndefined();
  });
});
