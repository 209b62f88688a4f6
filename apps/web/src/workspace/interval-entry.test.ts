import { describe, expect, it } from 'vitest';
import { matchIntervals } from './interval-entry.ts';

describe('a typed interval', () => {
  it.each([
    ['15', ['15m']],
    ['60', ['1h']],
    ['240', ['4h']],
    ['1', ['1m', '15m', '1h', '12h', '1d', '1w']],
    ['1D', ['1d']],
    ['4h', ['4h']],
    ['7', []],
    ['x', []],
  ])('"%s" may mean %j', (text, intervals) => {
    expect(matchIntervals(text)).toEqual(intervals);
  });
});
