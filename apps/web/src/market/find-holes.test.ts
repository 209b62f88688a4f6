import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { findHoles } from './find-holes.ts';

const series = (...times: number[]) => times.map((time) => ({ openTime: time as EpochMs }));

describe('holes of a series', () => {
  it('are between candles further apart than one length', () => {
    expect(findHoles(series(0, 10, 40, 50, 70), 10, 9)).toEqual([
      { before: 10, after: 40 },
      { before: 50, after: 70 },
    ]);
  });

  it('are the newest when there are many', () => {
    expect(findHoles(series(0, 20, 40, 60), 10, 2)).toEqual([
      { before: 20, after: 40 },
      { before: 40, after: 60 },
    ]);
  });

  it('are none in a whole series, or in one without candles', () => {
    expect(findHoles(series(0, 10, 20), 10, 9)).toEqual([]);
    expect(findHoles([], 10, 9)).toEqual([]);
  });
});
