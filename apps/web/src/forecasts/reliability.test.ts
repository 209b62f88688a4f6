import { describe, expect, it } from 'vitest';
import { toReliability } from './reliability.ts';

describe('a reliability diagram', () => {
  it('compares what was said with how often it came, by tenths', () => {
    const bins = toReliability([
      { pUp: 0.62, rose: true },
      { pUp: 0.68, rose: false },
      { pUp: 0.31, rose: false },
    ]);
    expect(bins).toHaveLength(2);
    expect(bins[0]).toEqual({ said: 0.31, came: 0, n: 1 });
    expect(bins[1]?.said).toBeCloseTo(0.65);
    expect(bins[1]).toMatchObject({ came: 0.5, n: 2 });
  });

  it('counts certainty into the last tenth, and leaves out what did not move', () => {
    expect(
      toReliability([
        { pUp: 1, rose: true },
        { pUp: 0.95, rose: null },
      ]),
    ).toEqual([{ said: 1, came: 1, n: 1 }]);
  });
});
