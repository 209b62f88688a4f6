import { describe, expect, it } from 'vitest';
import { toReliability } from './reliability.ts';

describe('a reliability diagram', () => {
  it('compares what was said with how often it came, by tenths', () => {
    const bins = toReliability([
      { pUp: 0.62, logReturn: 0.01 },
      { pUp: 0.68, logReturn: -0.01 },
      { pUp: 0.31, logReturn: -0.01 },
    ]);
    expect(bins).toHaveLength(2);
    expect(bins[0]).toEqual({ said: 0.31, came: 0, n: 1 });
    expect(bins[1]?.said).toBeCloseTo(0.65);
    expect(bins[1]).toMatchObject({ came: 0.5, n: 2 });
  });

  it('counts what was no call', () => {
    expect(toReliability([{ pUp: 0.5, logReturn: 0.01 }])).toEqual([{ said: 0.5, came: 1, n: 1 }]);
  });

  it('counts certainty into the last tenth, and leaves out what has not come and what did not move', () => {
    expect(
      toReliability([
        { pUp: 1, logReturn: 0.01 },
        { pUp: 0.95, logReturn: null },
        { pUp: 0.95, logReturn: 0 },
      ]),
    ).toEqual([{ said: 1, came: 1, n: 1 }]);
  });
});
