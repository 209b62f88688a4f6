import { describe, expect, it } from 'vitest';
import { planKills } from './plan-kills.ts';

describe('planKills', () => {
  it('plans the same for the same seed, in order, within the time, for every forecaster', () => {
    const kills = planKills(1, 60, 2);
    expect(planKills(1, 60, 2)).toEqual(kills);
    expect(planKills(2, 60, 2)).not.toEqual(kills);
    expect(kills.map(({ atMs }) => atMs)).toEqual(kills.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(kills.every(({ atMs }) => atMs > 0 && atMs < 3_600_000)).toBe(true);
    expect(new Set(kills.map(({ victim }) => victim))).toEqual(new Set([0, 1]));
    expect(kills).toHaveLength(12);
  });

  it('aims every second one at a close', () => {
    expect(planKills(1, 2, 1).map(({ afterCloseMs }) => afterCloseMs !== undefined)).toEqual([true, false, true]);
  });
});
