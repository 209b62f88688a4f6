import { describe, expect, it } from 'vitest';
import { formatHeld, toFanCoverage } from './fan-coverage.ts';

const record = (horizon: string, n: number, inner: number, outer: number) => ({
  horizon,
  n,
  coverage: [
    { level: 0.5, share: inner, lower: null, upper: null },
    { level: 0.9, share: outer, lower: null, upper: null },
  ],
});
const RECORDS: Readonly<Record<string, ReturnType<typeof record>[]>> = {
  a: [record('5m', 300, 0.4, 0.8), record('30m', 100, 0.6, 1)],
  b: [record('30m', 10, 0.1, 0.1)],
};
const recordsOf = (modelId: string) => RECORDS[modelId] ?? [];

describe('what the bands of a fan have held', () => {
  it('is of its own horizons and models, each counted as often as it was resolved', () => {
    const parts = [
      { horizon: '5m', modelId: 'a' },
      { horizon: '30m', modelId: 'a' },
    ];
    const coverage = toFanCoverage(parts, recordsOf);
    expect(coverage.n).toBe(400);
    expect(coverage.inner).toBeCloseTo(0.45);
    expect(coverage.outer).toBeCloseTo(0.85);
    expect([formatHeld(coverage, 'inner'), formatHeld(coverage, 'outer')]).toEqual(['held 45 %', 'held 85 %']);
  });

  it('is too few below 30, and where nothing is known', () => {
    expect(formatHeld(toFanCoverage([{ horizon: '30m', modelId: 'b' }], recordsOf), 'inner')).toBe('too few');
    expect(formatHeld(toFanCoverage([{ horizon: '30m', modelId: 'c' }], recordsOf), 'outer')).toBe('too few');
  });
});
