import { describe, expect, it } from 'vitest';
import { formatSizes, LEAST_PERCENT, moveDivider, parseSizes, sizesFor } from './track-sizes.ts';

describe('sizes of a grid', () => {
  it('change for the two neighbours of a divider only', () => {
    expect(moveDivider([25, 25, 50], 0, 10)).toEqual([35, 15, 50]);
    expect(moveDivider([25, 25, 50], 1, -5)).toEqual([25, 20, 55]);
  });

  it('leave every chart its least', () => {
    expect(moveDivider([50, 50], 0, -100)).toEqual([LEAST_PERCENT, 100 - LEAST_PERCENT]);
    expect(moveDivider([50, 50], 0, 100)).toEqual([100 - LEAST_PERCENT, LEAST_PERCENT]);
  });

  it('stay as they are for a divider that is not there', () => {
    expect(moveDivider([50, 50], 1, 10)).toEqual([50, 50]);
  });

  it('come back from an address', () => {
    expect(parseSizes(formatSizes([61.2, 38.8]))).toEqual([61, 39]);
    expect(formatSizes([33.333, 33.333, 33.333])).toBe('');
  });

  it.each(['', '50', '50.60', '5.95', '50.50.1', 'a.b', '20.20.20.40'])('are no wish: "%s"', (text) => {
    expect(parseSizes(text)).toEqual([]);
  });

  it('are even where they do not fit the grid', () => {
    expect(sizesFor(2, [30, 30, 40])).toEqual([50, 50]);
    expect(sizesFor(2, [30, 70])).toEqual([30, 70]);
  });
});
