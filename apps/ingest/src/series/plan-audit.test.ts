import { DAY_MS, type Gap, MINUTE_MS, type TimeRange, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { auditWindows, isRetryDue, planAuditWindows, suspiciousDays } from './plan-audit.ts';

const day = (count: number) => toEpochMs(count * DAY_MS);
const days = (from: number, to: number): TimeRange => ({ from: day(from), to: day(to) });
const stored = (count: number, minutes: number) => ({ day: day(count), minutes, offGrid: 0 });
const gap = (from: number, minutes: number): Gap => ({
  from: day(from),
  to: toEpochMs(day(from) + minutes * MINUTE_MS),
  reason: 'CONFIRMED_EMPTY',
  firstSeenAt: day(0),
  attempts: 1,
  lastAttemptAt: day(0),
  resolvedAt: null,
  resolution: null,
});

describe('audit windows', () => {
  it('are the same 30 days in every run, cut to what is wanted', () => {
    expect(auditWindows(days(40, 95))).toEqual([days(40, 60), days(60, 90), days(90, 95)]);
    expect(auditWindows(days(40, 40))).toEqual([]);
  });

  it('are gone through in turns, the newest in every round', () => {
    const rounds = [0, 1, 2, 3].map((round) => planAuditWindows(days(0, 95), round));
    expect(rounds.map(([older]) => older)).toEqual([days(0, 30), days(30, 60), days(60, 90), days(0, 30)]);
    expect(rounds.every(([, newest]) => newest?.to === day(95))).toBe(true);
    expect(planAuditWindows(days(90, 95), 7)).toEqual([days(90, 95)]);
    expect(planAuditWindows(days(95, 95), 7)).toEqual([]);
  });
});

describe('suspiciousDays', () => {
  it('joins neighbours whose minutes do not add up, and passes days that recorded gaps complete', () => {
    const counts = [stored(0, 1_440), stored(1, 1_439), stored(3, 1_000), stored(4, 1_440), stored(5, 1_441)];
    expect(suspiciousDays(days(0, 6), counts, [gap(3, 440)])).toEqual([days(1, 3), days(5, 6)]);
  });

  it('counts a day that the window cuts within it', () => {
    const window = { from: day(0), to: toEpochMs(day(0) + 10 * MINUTE_MS) };
    expect(suspiciousDays(window, [stored(0, 10)], [])).toEqual([]);
    expect(suspiciousDays(window, [stored(0, 9)], [])).toEqual([window]);
  });
});

describe('isRetryDue', () => {
  it.each([
    [1, 59, false],
    [1, 60, true],
    [3, 239, false],
    [3, 240, true],
    [50, 7 * 1_440 - 1, false],
    [50, 7 * 1_440, true],
  ])('after %i attempts and %i minutes: %s', (attempts, minutes, isDue) => {
    expect(isRetryDue({ attempts, lastAttemptAt: day(0) }, toEpochMs(day(0) + minutes * MINUTE_MS))).toBe(isDue);
  });
});
