import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { indexAt, logicalAt, timeAt } from './time-positions.ts';

/** Candles of ten, one hole from 30 to 60. */
const CANDLES = [0, 10, 20, 60, 70].map((time) => ({ openTime: time as EpochMs }));

describe('places on a chart that counts candles', () => {
  it.each([
    [0, 0],
    [15, 1.5],
    [29, 2.9],
    [45, 3],
    [60, 3],
    [75, 4.5],
    [100, 7],
    [-20, -2],
  ])('time %d lies at %d', (time, logical) => {
    expect(logicalAt(CANDLES, time, 10)).toBeCloseTo(logical, 9);
  });

  it.each([
    [1.5, 15],
    [3, 60],
    [6, 90],
    [-2, -20],
  ])('at %d it is %d', (logical, time) => {
    expect(timeAt(CANDLES, logical, 10)).toBe(time);
  });

  it('has no places without candles', () => {
    expect(logicalAt([], 5, 10)).toBeUndefined();
    expect(timeAt([], 5, 10)).toBeUndefined();
    expect(indexAt([], 5)).toBe(-1);
  });
});
