import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planGaps, splitRange } from './plan-gaps.ts';
import type { EpochMs, TimeRange } from './time.ts';

const M = 60_000;
const t = (minute: number) => (minute * M) as EpochMs;
const range = (from: number, to: number): TimeRange => ({ from: t(from), to: t(to) });

describe('planGaps', () => {
  it.each([
    { name: 'nothing present', present: [], want: [range(0, 5)] },
    { name: 'all present', present: [0, 1, 2, 3, 4], want: [] },
    { name: 'a hole in the middle', present: [0, 1, 4], want: [range(2, 4)] },
    { name: 'holes at both ends', present: [2], want: [range(0, 2), range(3, 5)] },
    { name: 'rows outside the range', present: [-3, 0, 1, 2, 3, 4, 9], want: [] },
  ])('plans $name', ({ present, want }) => {
    expect(planGaps(present.map(t), range(0, 5), M)).toEqual(want);
  });

  it('counts an off-grid row for the bucket that contains it', () => {
    expect(planGaps([t(0), (t(1) + 12_345) as EpochMs, t(2)], range(0, 3), M)).toEqual([]);
  });

  it('leaves out what is excused', () => {
    expect(planGaps([t(0), t(9)], range(0, 10), M, [range(3, 5), range(8, 20)])).toEqual([range(1, 3), range(5, 8)]);
  });

  it('ignores the part of a range that does not hold a whole open time', () => {
    expect(planGaps([], { from: 1 as EpochMs, to: (2 * M + 1) as EpochMs }, M)).toEqual([range(1, 3)]);
  });

  it('counts weeks from Monday', () => {
    const week = 7 * 1_440;
    const monday = Date.UTC(2022, 0, 3) / M;
    expect(planGaps([t(monday), t(monday + 2 * week)], range(monday, monday + 3 * week), week * M)).toEqual([
      range(monday + week, monday + 2 * week),
    ]);
  });

  it('covers exactly the missing minutes, for any minutes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 })), (minutes) => {
        const present = [...minutes].sort((a, b) => a - b);
        const missing = planGaps(present.map(t), range(0, 61), M).flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / M }, (_, index) => from / M + index),
        );
        expect(missing).toEqual(Array.from({ length: 61 }, (_, minute) => minute).filter((minute) => !minutes.includes(minute)));
      }),
    );
  });
});

describe('splitRange', () => {
  it('cuts into pieces, newest first when asked', () => {
    expect(splitRange(range(0, 5), M, 2)).toEqual([range(0, 2), range(2, 4), range(4, 5)]);
    expect(splitRange(range(0, 5), M, 2, true)[0]).toEqual(range(4, 5));
  });
});
