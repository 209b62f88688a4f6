import { describe, expect, it } from 'vitest';
import { readNumber } from './read-number.ts';

describe('a number in a text for people', () => {
  it.each([
    ['5,303.27', false, '5303.27'],
    ['  $1,234,567 ', false, '1234567'],
    ['-0.45%', false, '-0.45'],
    ['−12', false, '-12'],
    ['2 345.50 USD', false, '2345.50'],
    ["1'234.5", false, '1234.5'],
    ['1234.5', false, '1234.5'],
    ['5.303,27 €', true, '5303.27'],
    ['18 203,1', true, '18203.1'],
  ])('is read from "%s"', (text, hasDecimalComma, expected) => {
    expect(readNumber(text, hasDecimalComma)).toBe(expected);
  });

  it.each([
    ['closed', false, 'value_absent'],
    ['5,303.27 (+0.5%)', false, 'value_ambiguous'],
    ['5.303,27', false, 'value_invalid'],
    ['5,30', false, 'value_invalid'],
    ['1.2.3', false, 'value_invalid'],
    ['5,303.27', true, 'value_invalid'],
  ])('is refused in "%s"', (text, hasDecimalComma, code) => {
    expect(() => readNumber(text, hasDecimalComma)).toThrow(expect.objectContaining({ code }));
  });
});
