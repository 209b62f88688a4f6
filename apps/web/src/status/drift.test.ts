import { describe, expect, it } from 'vitest';
import { toDrift } from './drift.ts';

const band = (lower: number | null, upper: number | null) => [{ level: 0.9, share: 0.9, lower, upper }];
const skill = (upper: number | null) =>
  ({ value: 0, lower: upper === null ? null : -1, upper, n: 99, days: 20, verdict: 'NO_SKILL', statement: '' }) as const;

describe('drift', () => {
  it.each([
    ['nothing is known', undefined, 'TOO_FEW'],
    ['there are too few forecasts', { n: 29, coverage: band(0.1, 0.2), skill: skill(-0.5) }, 'TOO_FEW'],
    ['there is no interval yet', { n: 99, coverage: band(null, null), skill: skill(null) }, 'TOO_FEW'],
    ['the interval of the band holds 90 %', { n: 99, coverage: band(0.88, 0.91), skill: skill(0.1) }, 'HOLDS'],
    ['the interval ends at 90 %', { n: 99, coverage: band(0.88, 0.9), skill: null }, 'HOLDS'],
    ['the band is too narrow', { n: 99, coverage: band(0.7, 0.89), skill: skill(0.1) }, 'BANDS_OFF'],
    ['the band is too wide', { n: 99, coverage: band(0.91, 0.99), skill: skill(0.1) }, 'BANDS_OFF'],
    ['the skill is below 0 for sure', { n: 99, coverage: band(0.88, 0.91), skill: skill(-0.01) }, 'WORSE'],
  ] as const)('where %s', (_, record, drift) => expect(toDrift(record)).toBe(drift));
});
