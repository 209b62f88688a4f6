import { describe, expect, it } from 'vitest';
import { DAY_MS, toEpochMs } from './time.ts';
import { type TrackDay, toTrackRecord } from './track-record.ts';

/** Twenty forecasts of a day, of which the CRPS is `skill` below the reference's, a little more on even days. */
function aDay(index: number, skill: number, values: Partial<TrackDay> = {}): TrackDay {
  const crpsReference = 2 + (index % 3) / 10;
  return {
    day: toEpochMs(index * DAY_MS),
    regular: 20,
    resolved: 20,
    late: 1,
    void: 0,
    calls: 18,
    hits: 9 + (index % 2),
    banded: 20,
    within: { 50: 10, 80: 16, 90: 18, 95: 19 },
    compared: 20,
    crps: crpsReference * (1 - skill - (index % 2 === 0 ? 0.01 : -0.01)),
    crpsReference,
    absErr: 0.99,
    absErrNaive: 1,
    brier: 18 * 0.24,
    ...values,
  };
}

const days = (count: number, skill: number, values?: Partial<TrackDay>) =>
  Array.from({ length: count }, (_, index) => aDay(index, skill, values));
const whole = (count: number) => ({ due: 20 * count, waiting: 0 });

describe('toTrackRecord', () => {
  it('adds the days up', () => {
    const record = toTrackRecord('1h', days(30, 0.05), whole(30));
    expect(record).toMatchObject({ resolved: 600, onTime: 570, late: 30, void: 0, missing: 0, waiting: 0, calls: 540 });
    expect(record.coverage.map(({ level, value }) => [level, value])).toEqual([
      [0.5, 0.5],
      [0.8, 0.8],
      [0.9, 0.9],
      [0.95, 0.95],
    ]);
    expect(record.maeRatio?.value).toBeCloseTo(0.99, 12);
    expect(record.hitRate?.value).toBeCloseTo(9.5 / 18, 12);
    expect(record.brier).toBeCloseTo(0.24, 12);
  });

  it.each([
    [30, 0.05, 'SKILL'],
    [30, 0, 'NO_SKILL'],
    [30, -0.05, 'WORSE'],
    [13, 0.05, 'TOO_FEW'],
  ])('says of %i days with a skill of %d: %s', (count, skill, verdict) => {
    expect(toTrackRecord('1h', days(count, skill), whole(count)).skill).toMatchObject({ verdict, days: count, n: 20 * count });
  });

  it('counts what is missing, and as much of it as there is draws the skill towards nothing', () => {
    const all = toTrackRecord('1h', days(30, 0.05), whole(30));
    const half = toTrackRecord('1h', days(30, 0.05), { due: 1_203, waiting: 3 });
    expect(half.missing).toBe(600);
    expect(half.skill?.value).toBeCloseTo((all.skill?.value ?? 0) / 2, 12);
  });

  it('says nothing where nothing was scored', () => {
    expect(toTrackRecord('24h', [], { due: 7, waiting: 2 })).toMatchObject({
      resolved: 0,
      missing: 5,
      skill: null,
      coverage: [],
      maeRatio: null,
      hitRate: null,
      brier: null,
    });
  });
});
