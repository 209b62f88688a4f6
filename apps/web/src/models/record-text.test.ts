import { describe, expect, it } from 'vitest';
import { coverageText, hitText, skillText } from './record-text.ts';

const SKILL = { value: 0.042, lower: 0.01, upper: 0.074, n: 500, days: 20, verdict: 'SKILL', statement: '' } as const;
const COVERAGE = [
  { level: 0.5, share: 0.5, lower: null, upper: null },
  { level: 0.9, share: 0.884, lower: 0.86, upper: 0.91 },
];

describe('a record in words', () => {
  it('has every figure with its interval, and what may be said', () => {
    expect(skillText({ n: 500, skill: SKILL })).toEqual({ figure: '+0.042 (+0.010 to +0.074)', verdict: 'better' });
    expect(coverageText({ n: 500, coverage: COVERAGE }, 0.9)).toBe('88.4 % (86.0 % to 91.0 %)');
    expect(hitText({ n: 500, hitRate: { value: 0.515, lower: null, upper: null } })).toBe('51.5 %');
  });

  it.each([29, 0])('says that %i forecasts are too few', (n) => {
    expect(skillText({ n, skill: SKILL }).figure).toBe('too few');
    expect(coverageText({ n, coverage: COVERAGE }, 0.9)).toBe('too few');
    expect(hitText({ n, hitRate: { value: 1, lower: null, upper: null } })).toBe('too few');
  });

  it('says the same where there is nothing', () => {
    expect([
      skillText({ n: 99, skill: null }).figure,
      coverageText({ n: 99, coverage: [] }, 0.9),
      hitText({ n: 99, hitRate: null }),
    ]).toEqual(Array(3).fill('too few'));
  });
});
