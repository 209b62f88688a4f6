import { describe, expect, it } from 'vitest';
import { countFailure, restartDelayMs } from './restart-delay.ts';

describe('restartDelayMs', () => {
  it('doubles from 250 ms to 5 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1000].map(restartDelayMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  });
});

describe('countFailure', () => {
  it('counts ends in a row', () => {
    expect(countFailure(0, 10)).toBe(1);
    expect(countFailure(3, 59_999)).toBe(4);
  });

  it('begins again after a minute of life', () => {
    expect(countFailure(7, 60_000)).toBe(1);
  });
});
