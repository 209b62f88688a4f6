import { addMs, DAY_MS, type TrackDay, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { findDrift } from './find-drift.ts';

const NOW = toEpochMs(Date.UTC(2022, 2, 1, 5));
const TODAY = toEpochMs(Date.UTC(2022, 2, 1));

/** So many days up to yesterday, with this loss for a reference's of 1 and so many of 1,000 prices within the bands. */
function days(count: number, crps: number, within = 900, skip = 0): TrackDay[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ day: addMs(TODAY, -(index + 1 + skip) * DAY_MS), regular: 0, resolved: 0, late: 0, void: 0, calls: 0, hits: 0 },
    ...{ banded: 1_000, within: { 50: 0, 80: 0, 90: within, 95: 0 }, compared: 1_000 },
    ...{ crps, crpsReference: 1, absErr: 0, absErrNaive: 0, brier: 0 },
  }));
}

describe('findDrift', () => {
  it('sees a week of lost skill at an hour, and a month of it at a day', () => {
    const record = [...days(7, 1.01), ...days(23, 0.9, 900, 7)];
    expect(findDrift('1h', record, NOW)).toMatchObject({ lossRatio: expect.closeTo(1.01, 9), hasLostSkill: true });
    expect(findDrift('24h', record, NOW)).toMatchObject({ lossRatio: expect.closeTo((7 * 1.01 + 23 * 0.9) / 30, 9), hasLostSkill: false });
    expect(findDrift('24h', days(30, 1.03), NOW).hasLostSkill).toBe(true);
    expect(findDrift('24h', days(30, 1.01), NOW).hasLostSkill).toBe(false);
    expect(findDrift('6h', days(30, 1.01), NOW).hasLostSkill).toBe(true);
  });

  it('sees coverage that chance does not explain', () => {
    expect(findDrift('1h', days(14, 0.9, 840), NOW)).toMatchObject({ coverage90: 0.84, hasLostCoverage: true });
    expect(findDrift('1h', days(14, 0.9, 860), NOW).hasLostCoverage).toBe(false);
    expect(findDrift('24h', days(14, 0.9, 840), NOW).hasLostCoverage).toBe(false);
    expect(findDrift('1h', days(14, 0.9, 960), NOW).hasLostCoverage).toBe(true);
  });

  it('does not call a young or an old record drift, and leaves today out', () => {
    expect(findDrift('1h', days(5, 2, 500), NOW)).toEqual({
      lossRatio: null,
      hasLostSkill: false,
      coverage90: null,
      hasLostCoverage: false,
    });
    expect(findDrift('1h', days(20, 2, 500, 40), NOW).lossRatio).toBeNull();
    expect(findDrift('1h', [...days(7, 0.9), { ...days(1, 50)[0], day: TODAY } as TrackDay], NOW).lossRatio).toBeCloseTo(0.9, 9);
  });
});
