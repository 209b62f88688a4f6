import { describe, expect, it } from 'vitest';
import { TOO_FEW, toRecordText } from './record-text.ts';

const skill = { value: 0.0123, lower: -0.01, upper: 0.034, n: 400, days: 20, verdict: 'NO_SKILL' as const, statement: '' };
const record = {
  n: 412,
  calls: 400,
  hitRate: { value: 0.53, lower: 0.48, upper: 0.58 },
  skill,
  maeRatio: { value: 0.998, lower: null, upper: null },
  coverage: [
    { level: 0.5, share: 0.49, lower: null, upper: null },
    { level: 0.9, share: 0.88, lower: 0.85, upper: 0.91 },
  ],
};

describe('a record as people read it', () => {
  it('stands with its intervals, whatever its sign', () => {
    expect(toRecordText(record)).toEqual({
      n: '412',
      hitRate: '53 % [48 %, 58 %]',
      skill: '+0.012 [−0.010, +0.034]',
      coverage50: '49 %',
      coverage90: '88 % [85 %, 91 %]',
      againstNaive: '0.998',
    });
  });

  it('says "too few" below 30 and keeps every number to itself', () => {
    const { n, ...texts } = toRecordText({ ...record, n: 29, calls: 29 });
    expect(n).toBe('29');
    expect(new Set(Object.values(texts))).toEqual(new Set([TOO_FEW]));
    expect(toRecordText({ ...record, n: 30, calls: 29 }).hitRate).toBe(TOO_FEW);
    expect(toRecordText({ ...record, n: 30, calls: 30 }).hitRate).not.toBe(TOO_FEW);
  });

  it('of nothing is too few', () => {
    expect(toRecordText(undefined)).toMatchObject({ n: '0', skill: TOO_FEW, hitRate: TOO_FEW });
  });
});
