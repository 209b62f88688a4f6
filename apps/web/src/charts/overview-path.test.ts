import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { movePart, overviewPath, stretchPart } from './overview-path.ts';

const candles = (...closes: number[]) =>
  closes.map((close, at) => ({ openTime: at as EpochMs, open: close, high: close, low: close, close, baseVolume: 1, isClosed: true }));

describe('the overview of a series', () => {
  it('goes from the lowest to the highest close', () => {
    expect(overviewPath(candles(1, 3, 2), 100, 20, 9)).toBe('M0.0 20.0L50.0 0.0L100.0 10.0');
  });

  it('has no more points than asked for, the newest among them', () => {
    const path = overviewPath(candles(...Array.from({ length: 1_001 }, (_, at) => at)), 100, 20, 100);
    expect(path.split('L').length).toBeLessThanOrEqual(101);
    expect(path.endsWith('L100.0 0.0')).toBe(true);
  });

  it('is nothing without a line', () => {
    expect(overviewPath(candles(1), 100, 20, 9)).toBe('');
  });
});

describe('the part in view', () => {
  it('moves as far as there is room', () => {
    expect(movePart({ from: 0.25, to: 0.5 }, 0.25)).toEqual({ from: 0.5, to: 0.75 });
    expect(movePart({ from: 0.25, to: 0.5 }, -1)).toEqual({ from: 0, to: 0.25 });
    expect(movePart({ from: 0.5, to: 0.75 }, 1)).toEqual({ from: 0.75, to: 1 });
  });

  it('keeps its least width', () => {
    expect(stretchPart({ from: 0.25, to: 0.5 }, 'from', 0.9, 0.125)).toEqual({ from: 0.375, to: 0.5 });
    expect(stretchPart({ from: 0.25, to: 0.5 }, 'to', 0, 0.125)).toEqual({ from: 0.25, to: 0.375 });
    expect(stretchPart({ from: 0.25, to: 0.5 }, 'to', 7, 0.125)).toEqual({ from: 0.25, to: 1 });
  });
});
